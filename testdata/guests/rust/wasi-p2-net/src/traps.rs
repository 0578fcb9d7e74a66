//! Mistakes that end the guest, though the bindings allow them.

use crate::bindings::wasi::http::outgoing_handler::handle;
use crate::bindings::wasi::http::types::{IncomingBody, OutgoingBody};
use crate::check::{Outcome, ok};
use crate::datagrams::{bind, datagram, streams};
use crate::exchanges::{request, wait};

/// Makes a mistake with a UDP socket, a request or a response.
pub fn make(mistake: &str, url: &str) -> Outcome {
    match mistake {
        "two pairs of datagram streams" => {
            let socket = bind("127.0.0.1:0")?;
            let _living = streams(&socket, None)?;
            streams(&socket, None)?;
        }
        "more datagrams than allowed" => {
            let socket = bind("127.0.0.1:0")?;
            let (_input, out) = streams(&socket, None)?;
            let allowed = ok("check-send", out.check_send())? as usize;
            let one = || datagram(b"x", Some("127.0.0.1:9"));
            let list: Result<Vec<_>, _> = (0..=allowed).map(|_| one()).collect();
            let _ = out.send(&list?);
        }
        "a body finished before its stream" => {
            let body = ok("body", request(url, &[])?.body())?;
            let _stream = ok("write", body.write())?;
            let _ = OutgoingBody::finish(body, None);
        }
        "trailers before the stream is dropped" => {
            let future = ok("handle", handle(request(url, &[])?, None))?;
            let body = ok("consume", ok("response", wait(&future)?)?.consume())?;
            let _stream = ok("stream", body.stream())?;
            IncomingBody::finish(body);
        }
        _ => return Err("no such mistake".into()),
    }
    Ok("nothing came of it".into())
}
