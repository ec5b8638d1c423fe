//! Connections that can be cut from inside a request.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{Extension, middleware::AddExtension};
use axum_server::{accept::Accept, tls_rustls::RustlsAcceptor};
use futures_util::future::BoxFuture;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tower::Layer as _;

use crate::faults::CutSwitch;

/// TLS, then a switch between it and HTTP, which each request of the connection can reach.
#[derive(Clone)]
pub(crate) struct CutAcceptor(pub(crate) RustlsAcceptor);

impl<S: Send + 'static> Accept<TcpStream, S> for CutAcceptor
where
    RustlsAcceptor: Accept<TcpStream, S, Service = S>,
    <RustlsAcceptor as Accept<TcpStream, S>>::Future: Send,
{
    type Stream = CutStream<<RustlsAcceptor as Accept<TcpStream, S>>::Stream>;
    type Service = AddExtension<S, Arc<CutSwitch>>;
    type Future = BoxFuture<'static, io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        // A small last piece must not wait for the acknowledgement of the one before it.
        let nodelay = stream.set_nodelay(true);
        let accepted = self.0.accept(stream, service);
        Box::pin(async move {
            nodelay?;
            let (inner, service) = accepted.await?;
            let switch = Arc::new(CutSwitch::default());
            let service = Extension(Arc::clone(&switch)).layer(service);
            Ok((CutStream { inner, switch }, service))
        })
    }
}

/// A stream that fails in both directions once it is cut.
pub(crate) struct CutStream<T> {
    inner: T,
    switch: Arc<CutSwitch>,
}

fn cut() -> io::Error {
    io::ErrorKind::ConnectionReset.into()
}

impl<T: AsyncRead + Unpin> AsyncRead for CutStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.switch.poll_read(context) {
            return Poll::Ready(Err(cut()));
        }
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for CutStream<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.switch.poll_write(context) {
            return Poll::Ready(Err(cut()));
        }
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        if let Poll::Ready(Ok(count)) = &written {
            self.switch.note_written(*count);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.switch.poll_write(context) {
            return Poll::Ready(Err(cut()));
        }
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // A cut line says no goodbye.
        if self.switch.poll_write(context) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
