//! The embedded SIP registrar and redirect server on UDP, TCP, TLS and WebSocket, and the NOTIFY and OPTIONS client over the flow of a binding.
//!
//! It knows neither database nor web: whose credentials are these is asked of a [`Directory`], what happens is told to an [`Observer`]. It looks
//! nothing up in DNS: a request to a phone goes to where its REGISTER came from.
//!
//! Transactions are rsipstack's (see `client::transactions`); sockets, framing and answers are our own (see `net`). Log with the filter
//! `rsipstack=warn`: below that the crate prints the (empty) skeletons of messages.
//!
//! # What is answered how
//!
//! | Message | Answer |
//! |---|---|
//! | not SIP at all: no `SIP/…` in the first line, HTTP, STUN, a response with a broken status line | none |
//! | a WebSocket that does not offer the subprotocol `sip` | HTTP 400 |
//! | two line ends on a stream or WebSocket | one line end; over UDP none |
//! | a request whose topmost Via is absent or can't be read | none: an answer could not be matched |
//! | ACK; a response to nothing of ours, or from another address than the request went to | none |
//! | more than a source's share of messages without a success; a flow with a live binding has a share of its own before | none on UDP; a stream is read more slowly |
//! | broken parameters or another version in the topmost Via, a broken request line, a header line without name or colon, control characters, no empty line after the headers | 400 |
//! | `Content-Length` no number, contradictory, or more than the datagram holds | 400; on TCP 400 and the connection closes |
//! | From, To, Call-ID or `CSeq` absent, doubled or malformed; `CSeq` ≥ 2^31 or, for a known method, of another; `Max-Forwards` no number up to 255 | 400 |
//! | a Contact, Path, digest or Request-URI that can't be read; `*` not alone or without `Expires: 0` | 400 |
//! | headers beyond 16 KiB | 513; on TCP the connection closes unanswered, as with a body beyond 64 KiB |
//! | `SIP/7.0` in the request line, whatever the Via says | 505 |
//! | a scheme in the Request-URI that is neither `sip` nor `sips` | 416 |
//! | BYE; INVITE, SUBSCRIBE, NOTIFY and the like within a dialog | 481 |
//! | SUBSCRIBE, NOTIFY and the like | 405 with Allow |
//! | any other method, `register` in lower case included | 501 |
//! | INVITE with `Max-Forwards: 0` | 483 |
//! | `Require` of what is not supported, but for INVITE | 420 with Unsupported |
//! | OPTIONS | 200 |
//! | REGISTER without a user | 404 |
//! | REGISTER without credentials, with an old or strange nonce, a repeated `nc`, without `qop=auth`, in an algorithm not offered | 401, `stale=true` where it helps |
//! | REGISTER with a wrong password, an unknown user, a realm that is nobody's, another From or To than the digest's username; a disabled device | 403 |
//! | too many wrong passwords for a username from an address, but for a phone on the flow of its own live binding | 503 with Retry-After |
//! | REGISTER of a flow (`reg-id`, `Supported: outbound`) through a proxy that keeps none (no `ob` in its Path) | 439 |
//! | REGISTER of two flows at once | 400 |
//! | REGISTER for less than 60 seconds | 423 with Min-Expires |
//! | `CSeq` not higher within the same Call-ID | 500 |
//! | more than ten contacts | 403 |
//!
//! | INVITE by nobody of ours to nobody of ours | 404 |
//! | INVITE without proof of who calls | as REGISTER: 401, 403, 503; sent once, whatever the transport |
//! | INVITE to an extension (all devices of the seat), else a username of the realm, else a Number (all devices that have it) | 302 with a Contact for each binding, by the device's Invite Format; without any 480 |
//! | INVITE to any other number | 302 to the carrier that the caller's Outbound Flags choose; 503 with a Reason that names the flag when none is left |
//! | INVITE to a name that nobody has, to a realm of another account, or by a carrier that leads back here | 404 |
//! | CANCEL of a call that was answered and is not forgotten | 200; else 481 |
//!
//! A message takes a token from the bucket of its flow or source when it comes. A success proved by password gives back what it and its
//! challenge cost; so does one proved by the address of a stream, but not of UDP, where it can be forged.
//!
//! An answer to an INVITE whose caller proved itself is repeated over UDP until its ACK (timers G, H and I of RFC 3261 §17.2.1); a repeated
//! INVITE gets the same answer again. A source address proves nothing over a WebSocket: any page in a browser can open one. Line ends may be bare LF; a From without tag is taken (RFC 2543).

mod bucket;
mod client;
mod config;
mod digest;
mod directory;
mod engine;
#[cfg(test)]
mod fuzz;
mod message;
mod net;
mod registrar;

pub use client::{Flow, Notify, NotifyCredential, NotifyOutcome, OptionsOutcome};
pub use config::{Config, Limits, Timers};
pub use digest::{Ha1Md5, Ha1Sha256, ha1_md5, ha1_sha256};
pub use directory::{CallRules, Credential, Directory, Observer, Previous, RealmPolicy, Registrant};
pub use engine::Engine;
pub use net::{CertificateError, Certificates, StartError};
