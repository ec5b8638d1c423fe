//! What the operating system says about the line: an interface, an address or a route changed, or
//! the machine woke up. Only hints: whether the server is there, the probe says.

/// Calls `told` whenever something may have changed. Runs until it is dropped; where the system
/// tells nothing, it waits for ever, and the desk finds out by its own probes.
pub async fn watch_system(told: impl Fn() + Send + Sync + 'static) {
    let told = std::sync::Arc::new(told);
    #[cfg(target_os = "linux")]
    tokio::join!(linux::network(told.clone()), linux::waking(told));
    #[cfg(not(target_os = "linux"))]
    interfaces(told).await;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::{io, os::fd::OwnedFd, sync::Arc};

    use async_io::Async;
    use futures_util::StreamExt as _;
    use rustix::{
        io::Errno,
        net::{
            AddressFamily, RecvFlags, SocketFlags, SocketType, bind, netlink::SocketAddrNetlink,
            recv, socket_with,
        },
    };
    use zbus::{Connection, MatchRule, MessageStream, message::Type};

    /// Links (a cable has a carrier again), addresses and routes of both families: RTMGRP_LINK,
    /// RTMGRP_IPV4_IFADDR, RTMGRP_IPV4_ROUTE, RTMGRP_IPV6_IFADDR, RTMGRP_IPV6_ROUTE.
    const GROUPS: u32 = 0x1 | 0x10 | 0x40 | 0x100 | 0x400;

    /// The kernel's own word (rtnetlink), so it does not matter which program sets up the network.
    pub(super) async fn network(told: Arc<impl Fn() + Send + Sync>) {
        if let Err(error) = follow_kernel(told.as_ref()).await {
            tracing::info!(%error, "the system tells nothing of its network");
        }
    }

    async fn follow_kernel(told: &(impl Fn() + Send + Sync)) -> io::Result<()> {
        let socket = open()?;
        loop {
            heard(&socket).await?;
            told();
        }
    }

    fn open() -> io::Result<Async<OwnedFd>> {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        // NETLINK_ROUTE is protocol 0.
        let socket = socket_with(AddressFamily::NETLINK, SocketType::RAW, flags, None)?;
        bind(&socket, &SocketAddrNetlink::new(0, GROUPS))?;
        Async::new_nonblocking(socket)
    }

    /// Waits for messages and takes away all there are; that they came is all that counts.
    async fn heard(socket: &Async<OwnedFd>) -> io::Result<()> {
        let mut buffer = [0; 8_192];
        loop {
            socket.readable().await?;
            let mut any = false;
            loop {
                match recv(socket.get_ref(), &mut buffer[..], RecvFlags::empty()) {
                    // More messages than the kernel kept for us are a change too.
                    Ok(_) | Err(Errno::NOBUFS) => any = true,
                    Err(Errno::INTR) => {}
                    Err(Errno::AGAIN) => break,
                    Err(error) => return Err(error.into()),
                }
            }
            if any {
                return Ok(());
            }
        }
    }

    /// logind says when the machine has slept.
    pub(super) async fn waking(told: Arc<impl Fn() + Send + Sync>) {
        if let Err(error) = follow_logind(told.as_ref()).await {
            tracing::info!(%error, "the system does not tell when it wakes up");
        }
    }

    async fn follow_logind(told: &(impl Fn() + Send + Sync)) -> zbus::Result<()> {
        let bus = Connection::system().await?;
        // Without the sender: a forged signal costs one probe, and logind may be started later.
        let rule = MatchRule::builder()
            .msg_type(Type::Signal)
            .path("/org/freedesktop/login1")?
            .interface("org.freedesktop.login1.Manager")?
            .member("PrepareForSleep")?
            .build();
        let mut signals = MessageStream::for_match_rule(rule, &bus, None).await?;
        while let Some(signal) = signals.next().await {
            let falls_asleep = signal?.body().deserialize::<bool>()?;
            if !falls_asleep {
                told();
            }
        }
        Ok(())
    }
}

/// Windows and macOS; both change addresses when a machine wakes up.
#[cfg(not(target_os = "linux"))]
async fn interfaces(told: std::sync::Arc<impl Fn() + Send + Sync + 'static>) {
    let watch = netwatcher::watch_interfaces_with_callback(move |update| {
        if !update.is_initial {
            told();
        }
    });
    match watch {
        // Heard for as long as it is held.
        Ok(_held) => std::future::pending().await,
        Err(error) => tracing::info!(%error, "the system tells nothing of its network"),
    }
}
