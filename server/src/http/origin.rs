//! Who asks, and under which address of ours: from the connection, from proxies that are trusted, from `--public-url`.

use super::{Reached, Web};
use app::request::{ClientAddress, RequestOrigin};
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Uri, header};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Puts [`ClientAddress`] and [`RequestOrigin`] into the request.
pub async fn resolve(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
    let client = web.reached.client(peer, request.headers());
    let origin = web.reached.origin(peer, request.uri(), request.headers());
    request.extensions_mut().insert(ClientAddress(client));
    request.extensions_mut().insert(origin);
    next.run(request).await
}

impl Reached {
    fn trusts(&self, address: IpAddr) -> bool {
        self.trust_proxy.iter().any(|network| network.contains(address))
    }

    /// The last address of `X-Forwarded-For` that is no trusted proxy; what stands before it is anybody's word.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let forwarded: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
        for hop in forwarded.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            let Some(address) = hop_address(hop.trim()) else { break };
            client = address;
        }
        client
    }

    fn origin(&self, peer: IpAddr, uri: &Uri, headers: &HeaderMap) -> RequestOrigin {
        if let Some(url) = &self.public_url {
            return RequestOrigin { https: url.https, origin: url.origin.clone(), host: url.host.clone() };
        }
        let forwarded = || headers.get("x-forwarded-proto").and_then(|v| v.to_str().ok()).and_then(|v| v.rsplit(',').next());
        let https = self.tls || (self.trusts(peer) && forwarded().is_some_and(|proto| proto.trim().eq_ignore_ascii_case("https")));
        let authority =
            headers.get(header::HOST).and_then(|v| v.to_str().ok()).or_else(|| uri.authority().map(http::uri::Authority::as_str));
        let authority: Option<http::uri::Authority> = authority.and_then(|text| text.to_ascii_lowercase().parse().ok());
        let (host, port) = authority.map_or_else(Default::default, |a| (a.host().to_owned(), a.port_u16()));
        let scheme = if https { "https" } else { "http" };
        let port = port.filter(|port| *port != if https { 443 } else { 80 });
        let origin = port.map_or_else(|| format!("{scheme}://{host}"), |port| format!("{scheme}://{host}:{port}"));
        RequestOrigin { https, origin, host }
    }
}

/// Proxies write addresses bare, and some add a port.
fn hop_address(hop: &str) -> Option<IpAddr> {
    let bare = hop.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|a| a.ip()));
    bare.or_else(|_| hop.trim_start_matches('[').trim_end_matches(']').parse()).ok().map(|a| a.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(proxies: &[&str], public: Option<&str>) -> Reached {
        let trust_proxy = proxies.iter().map(|p| p.parse().unwrap()).collect();
        Reached { tls: false, trust_proxy, public_url: public.map(|p| p.parse().unwrap()) }
    }

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect()
    }

    fn client(proxies: &[&str], peer: &str, forwarded: &'static str) -> String {
        reached(proxies, None).client(peer.parse().unwrap(), &headers(&[("x-forwarded-for", forwarded)])).to_string()
    }

    #[test]
    fn forwarded_addresses_count_only_from_trusted_proxies() {
        assert_eq!(client(&[], "192.0.2.1", "203.0.113.9"), "192.0.2.1");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.1", "203.0.113.9"), "192.0.2.1");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", "203.0.113.9"), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 203.0.113.9, 10.0.0.2"), "203.0.113.9");
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", "nonsense"), "10.0.0.1");
        assert_eq!(client(&["10.0.0.0/8"], "::ffff:10.0.0.1", "[2001:db8::1]:443"), "2001:db8::1");
    }

    #[test]
    fn the_origin_is_the_hosts_unless_a_public_url_is_given() {
        let uri = Uri::from_static("/");
        let plain = headers(&[("host", "Seats.example:3000"), ("x-forwarded-proto", "https")]);
        let peer = "10.0.0.1".parse().unwrap();
        assert_eq!(reached(&[], None).origin(peer, &uri, &plain).origin, "http://seats.example:3000");
        assert_eq!(reached(&["10.0.0.1"], None).origin(peer, &uri, &plain).origin, "https://seats.example:3000");
        let public = reached(&[], Some("https://pub.example")).origin(peer, &uri, &plain);
        assert_eq!((public.https, public.origin.as_str(), public.host.as_str()), (true, "https://pub.example", "pub.example"));
    }
}
