//! Clocks, and waiting for them.

use crate::bindings::wasi::{
    clocks::{monotonic_clock as monotonic, wall_clock as wall},
    io::poll::poll,
};
use crate::check::{Outcome, done, same, that};

const MILLISECOND: u64 = 1_000_000;

pub fn monotonic_clock() -> Outcome {
    same("resolution", monotonic::resolution(), 1)?;
    let start = monotonic::now();
    let past = monotonic::subscribe_instant(start);
    let never = monotonic::subscribe_duration(u64::MAX);
    let last = monotonic::subscribe_instant(u64::MAX);
    that("an instant that has come is not ready", past.ready())?;
    that("the end of time is ready", !never.ready() && !last.ready())?;
    same("poll", poll(&[&never, &past, &last, &past]), [1, 3])?;

    let soon = monotonic::subscribe_duration(2 * MILLISECOND);
    soon.block();
    that(
        "block ends early",
        monotonic::now() >= start + 2 * MILLISECOND,
    )?;
    that("a duration that is over is not ready", soon.ready())?;
    let when = monotonic::now() + MILLISECOND;
    let then = monotonic::subscribe_instant(when);
    same("poll that waits", poll(&[&never, &then]), [1])?;
    that("poll ends early", monotonic::now() >= when)?;
    done()
}

pub fn wall_clock() -> Outcome {
    let step = wall::resolution();
    same("resolution", (step.seconds, step.nanoseconds), (0, 1))?;
    let now = wall::now();
    that(
        "more than a second of nanoseconds",
        now.nanoseconds < 1_000_000_000,
    )?;
    Ok(format!("{} {}", now.seconds, now.nanoseconds))
}
