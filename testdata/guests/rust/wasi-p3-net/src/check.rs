use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

/// Fails unless both look the same: types of bindings cannot be compared.
pub fn same(what: &str, got: impl Debug, want: impl Debug) -> Result<(), String> {
    let (got, want) = (format!("{got:?}"), format!("{want:?}"));
    if got == want {
        return Ok(());
    }
    Err(format!("{what}: {got}, want {want}"))
}

/// Fails unless the call did, with this error.
pub fn fails<T: Debug, E: Debug>(what: &str, got: Result<T, E>, want: E) -> Result<(), String> {
    same(what, got.map(drop_value), Err::<(), E>(want))
}

fn drop_value<T>(_: T) {}

/// Names the call that has failed.
pub fn well<T, E: Debug>(what: &str, result: Result<T, E>) -> Result<T, String> {
    result.map_err(|error| format!("{what}: {error:?}"))
}

/// Waits for both.
pub async fn both<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut x, mut y) = (None, None);
    poll_fn(move |context| {
        if x.is_none()
            && let Poll::Ready(v) = a.as_mut().poll(context)
        {
            x = Some(v);
        }
        if y.is_none()
            && let Poll::Ready(v) = b.as_mut().poll(context)
        {
            y = Some(v);
        }
        match (x.take(), y.take()) {
            (Some(v), Some(w)) => Poll::Ready((v, w)),
            (v, w) => {
                (x, y) = (v, w);
                Poll::Pending
            }
        }
    })
    .await
}

/// Begins a call that has to wait. Who drops it gives it up.
pub fn waits<T>(what: &str, call: Pin<&mut impl Future<Output = T>>) -> Result<(), String> {
    let polled = call.poll(&mut Context::from_waker(Waker::noop()));
    same(what, polled.is_pending(), true)
}
