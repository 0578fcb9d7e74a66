//! Waiting on what only the guest knows. As it comes, the SDK's runtime sleeps on the host's events alone,
//! so each wait reads a stream of the component's own, which ends the wait by ending.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::mem::take;

use spin_sdk::wasip3::wit_stream;
use spin_sdk::wit_bindgen::StreamWriter;

#[derive(Default)]
struct Barrier {
    arrivals: u64,
    waiting: BTreeMap<u64, StreamWriter<u8>>,
}

thread_local! {
    static BARRIER: RefCell<Barrier> = RefCell::default();
}

pub async fn forever() -> ! {
    let (_writer, mut reader) = wit_stream::new::<u8>();
    reader.next().await;
    unreachable!("the stream has a writer, and it never writes")
}

/// Waits until n requests are here, then lets all of them go.
pub async fn meet(n: usize) {
    let (writer, mut reader) = wit_stream::new();
    let _place = Place::take(writer);
    let released = BARRIER.with_borrow_mut(|barrier| {
        (barrier.waiting.len() >= n).then(|| take(&mut barrier.waiting))
    });
    match released {
        Some(writers) => drop(writers),
        None => assert!(reader.next().await.is_none()),
    }
}

/// A place at the barrier. A request that is cancelled gives it up.
struct Place(u64);

impl Place {
    fn take(writer: StreamWriter<u8>) -> Self {
        BARRIER.with_borrow_mut(|barrier| {
            barrier.arrivals += 1;
            barrier.waiting.insert(barrier.arrivals, writer);
            Place(barrier.arrivals)
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let writer = BARRIER.with_borrow_mut(|barrier| barrier.waiting.remove(&self.0));
        drop(writer);
    }
}
