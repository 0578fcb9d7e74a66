//! Options of requests.

use crate::bindings::wasi::http::types::{Fields, Request, RequestOptions, RequestOptionsError};
use crate::bindings::wit_future;
use crate::check::{fails, same, well};

type Set = fn(&RequestOptions, Option<u64>) -> Result<(), RequestOptionsError>;
type Get = fn(&RequestOptions) -> Option<u64>;

const ALL: [(&str, Get, Set); 3] = [
    (
        "connect",
        RequestOptions::get_connect_timeout,
        RequestOptions::set_connect_timeout,
    ),
    (
        "first byte",
        RequestOptions::get_first_byte_timeout,
        RequestOptions::set_first_byte_timeout,
    ),
    (
        "between bytes",
        RequestOptions::get_between_bytes_timeout,
        RequestOptions::set_between_bytes_timeout,
    ),
];

fn all(options: &RequestOptions) -> [Option<u64>; 3] {
    ALL.map(|(_, get, _)| get(options))
}

pub fn check() -> Result<String, String> {
    let options = RequestOptions::new();
    same("defaults", all(&options), [None::<u64>; 3])?;
    let mut want = [None; 3];
    for (i, (name, _, set)) in ALL.iter().enumerate() {
        for value in [Some(0), None, Some(u64::MAX), Some(1 + i as u64)] {
            well(name, set(&options, value))?;
            want[i] = value;
            same(name, all(&options), want)?; // the others are as they were
        }
    }
    copies(&options)?;
    of_requests(options)?;
    Ok(String::new())
}

fn copies(options: &RequestOptions) -> Result<(), String> {
    let copy = options.clone();
    same("copy", all(&copy), all(options))?;
    for (name, _, set) in ALL {
        well(name, set(&copy, None))?;
    }
    same("changed copy", all(&copy), [None::<u64>; 3])?;
    same("original", all(options), [Some(1), Some(2), Some(3)])
}

fn request(options: Option<RequestOptions>) -> Request {
    let (_, trailers) = wit_future::new(|| Ok(None));
    Request::new(Fields::new(), None, trailers, options).0
}

fn of_requests(options: RequestOptions) -> Result<(), String> {
    same("none", request(None).get_options().is_some(), false)?;
    let request = request(Some(options));
    let options = request.get_options().ok_or("the request has no options")?;
    let before = all(&options);
    same("of the request", before, [Some(1), Some(2), Some(3)])?;
    for (name, _, set) in ALL {
        fails(name, set(&options, Some(9)), RequestOptionsError::Immutable)?;
    }
    same("frozen", all(&options), before)?;
    let copy = options.clone();
    well("change a copy", copy.set_connect_timeout(Some(9)))?;
    same("copy of frozen", all(&copy), [Some(9), Some(2), Some(3)])?;
    let again = request
        .get_options()
        .ok_or("the request has lost its options")?;
    same("asked again", all(&again), before)
}
