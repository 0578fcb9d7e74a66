//! wasi:clocks.

use crate::bindings::wasi::clocks::{monotonic_clock as monotonic, system_clock as system};
use crate::check::{Outcome, holds};
use std::future::{Future, poll_fn};
use std::task::Poll;

const MILLISECOND: u64 = 1_000_000;
const DAY: u64 = 86_400_000 * MILLISECOND;

/// Returns the seconds since 1970.
pub async fn check() -> Outcome {
    waits().await?;
    sooner_first(
        monotonic::wait_for(DAY),
        monotonic::wait_until(monotonic::now() + MILLISECOND),
    )
    .await?;
    sooner_first(
        monotonic::wait_until(u64::MAX),
        monotonic::wait_for(MILLISECOND),
    )
    .await?;
    let now = system::now();
    holds(now.nanoseconds < 1_000_000_000, || {
        format!("now is {now:?}")
    })?;
    for tick in [monotonic::get_resolution(), system::get_resolution()] {
        holds(tick > 0 && tick < DAY, || format!("a tick of {tick}"))?;
    }
    Ok(now.seconds.to_string())
}

async fn waits() -> Result<(), String> {
    let start = monotonic::now();
    monotonic::wait_for(2 * MILLISECOND).await;
    let first = monotonic::now();
    holds(first - start >= 2 * MILLISECOND, || {
        format!("wait-for: {start} to {first}")
    })?;
    let mark = first + 2 * MILLISECOND;
    monotonic::wait_until(mark).await;
    let second = monotonic::now();
    holds(second >= mark, || format!("wait-until {mark}: {second}"))?;
    monotonic::wait_until(start).await; // is over
    monotonic::wait_for(0).await;
    let third = monotonic::now();
    holds(third >= second, || format!("now: {second}, then {third}"))
}

/// Waits for both at once, and gives up the later one.
async fn sooner_first(
    late: impl Future<Output = ()>,
    soon: impl Future<Output = ()>,
) -> Result<(), String> {
    let mut late = Box::pin(late);
    let mut soon = Box::pin(soon);
    let early = poll_fn(|cx| {
        if late.as_mut().poll(cx).is_ready() {
            return Poll::Ready(true);
        }
        soon.as_mut().poll(cx).map(|()| false)
    })
    .await;
    holds(!early, || {
        "what is long took less than what is short".into()
    })
}
