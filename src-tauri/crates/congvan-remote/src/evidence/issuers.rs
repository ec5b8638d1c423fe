//! Fetching what lies between a certificate and a root: many signatures hold the signer's
//! certificate alone, and many time stamps their authority's.

use std::{collections::BTreeSet, sync::Arc};

use congvan_pades::{TrustAnchors, addresses_in, certificates_in, issuer_urls, without_chain};
use reqwest::Url;

use super::{Call, CompletionOrder, EvidenceClient, EvidenceError};

/// From whom the certificates of issuers are fetched. Their addresses are in certificates that
/// nobody vouches for yet: a file from anywhere could make this machine call whom it likes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IssuerHosts {
    /// Hosts that the trusted certificates or the configured authorities name.
    #[default]
    Named,
    /// Any host, because a person named the file.
    Anybody,
}

/// Authorities above one another that are fetched: real chains have one or two.
const DEPTH: usize = 4;
/// Addresses that are asked for one file.
const MOST_ASKED: usize = 8;

/// What is fetched for one file.
pub(super) struct Issuers {
    /// None for any.
    hosts: Option<BTreeSet<String>>,
    asked: BTreeSet<String>,
}

impl Issuers {
    pub(super) fn new(hosts: IssuerHosts, order: &CompletionOrder) -> Self {
        Self {
            hosts: match hosts {
                IssuerHosts::Anybody => None,
                IssuerHosts::Named => Some(named(order)),
            },
            asked: BTreeSet::new(),
        }
    }

    /// Looks for what leads from these certificates to a root, as far as the bounds go, and adds it
    /// to the intermediates. Says whether anything was added. A host that does not answer is no
    /// error here: that the chain is still missing says it all.
    pub(super) async fn find(
        &mut self,
        of: &[Vec<u8>],
        trust: &mut Arc<TrustAnchors>,
        (client, call): (&EvidenceClient, &Call),
    ) -> Result<bool, EvidenceError> {
        let mut is_richer = false;
        for _ in 0..DEPTH {
            let lost = without_chain(of, trust);
            let urls = issuer_urls(&lost, &trust.intermediates);
            let urls: Vec<String> = urls.into_iter().filter(|url| self.may_ask(url)).collect();
            let mut found = Vec::new();
            for url in urls {
                if self.asked.len() >= MOST_ASKED || !self.asked.insert(url.clone()) {
                    continue;
                }
                match client.fetch_issuers(&url, call).await {
                    Ok(certificates) => found.extend(certificates),
                    Err(EvidenceError::Cancelled) => return Err(EvidenceError::Cancelled),
                    Err(error) => {
                        tracing::info!(%error, "an issuer's certificate is not to be had")
                    }
                }
            }
            found.retain(|one| !trust.intermediates.contains(one));
            if found.is_empty() {
                break;
            }
            is_richer = true;
            Arc::make_mut(trust).intermediates.extend(found);
        }
        Ok(is_richer)
    }

    fn may_ask(&self, url: &str) -> bool {
        let allowed = |host: String| self.hosts.as_ref().is_none_or(|them| them.contains(&host));
        !self.asked.contains(url) && host(url).is_some_and(allowed)
    }
}

/// The hosts that the administrator's data name.
fn named(order: &CompletionOrder) -> BTreeSet<String> {
    let trusted = order.trust.roots.iter().chain(&order.trust.intermediates);
    let addresses = trusted.flat_map(|certificate| addresses_in(certificate));
    let stamps = order.tsas.iter().map(|tsa| tsa.url.clone());
    addresses
        .chain(stamps)
        .filter_map(|url| host(&url))
        .collect()
}

/// The host of an address; none for what is not HTTP, as LDAP.
fn host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let is_http = matches!(url.scheme(), "http" | "https");
    url.host_str().filter(|_| is_http).map(str::to_owned)
}

/// The certificates of a time stamp from which nothing leads to a root, by themselves and by one
/// another.
pub(super) fn lost_in(answer: &[u8], trust: &TrustAnchors) -> Vec<Vec<u8>> {
    let certificates = certificates_in(answer);
    let mut together = trust.clone();
    together.intermediates.extend_from_slice(&certificates);
    without_chain(&certificates, &together)
}
