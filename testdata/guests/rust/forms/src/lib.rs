//! Calls a host interface with every form that types and functions can have, and tells what comes
//! back otherwise than it should.

use bindings::test::basis::shapes::{Canvas, Point};
use bindings::test::forms::api::{self, Color, Counter, Item, Mode, Value};
use bindings::{wit_future, wit_stream};
use std::fmt::Debug;

mod bindings {
    wit_bindgen::generate!({
        path: ["../../../../engine/internal/forms/wit/basis", "../../../../engine/internal/forms/wit/forms"],
        world: "test:forms/forms",
        generate_all,
    });
}

#[derive(Default)]
struct Report(Vec<String>);

impl Report {
    fn same(&mut self, what: &str, got: impl Debug, want: impl Debug) {
        let (got, want) = (format!("{got:?}"), format!("{want:?}"));
        if got != want {
            self.0.push(format!("{what}: {got}, not {want}"));
        }
    }
}

fn item(id: u64) -> Item {
    Item {
        id,
        name: format!("item {id}: ä€😀"),
        tags: (0..id % 4).map(|n| "x".repeat(n as usize)).collect(),
        at: (id % 2 == 1).then_some(Point {
            x: -(id as i32),
            y: i32::MAX,
        }),
    }
}

fn values(report: &mut Report) {
    let least = (
        i8::MIN,
        u8::MIN,
        i16::MIN,
        u16::MIN,
        i32::MIN,
        u32::MIN,
        i64::MIN,
        u64::MIN,
    );
    let most = (
        i8::MAX,
        u8::MAX,
        i16::MAX,
        u16::MAX,
        i32::MAX,
        u32::MAX,
        i64::MAX,
        u64::MAX,
    );
    for (a, b, c, d, e, f, g, h) in [least, most] {
        report.same(
            "integers",
            api::integers(a, b, c, d, e, f, g, h),
            (a, b, c, d, e, f, g, h),
        );
    }
    for (a, b, c, d) in [
        (true, 1.5, -0.0, 'a'),
        (false, f32::INFINITY, f64::NAN, '\u{10ffff}'),
    ] {
        report.same(
            "others",
            api::others(a, b, c, d, &[0, 255]),
            (a, b, c, d, vec![0, 255]),
        );
    }
    let items: Vec<Item> = (0..50).map(item).collect();
    for v in &items {
        report.same("echo-item", api::echo_item(v), v);
    }
    report.same("echo-items", api::echo_items(&items), &items);
    report.same("no items", api::echo_items(&[]), [0; 0]);
    for v in [
        Value::None,
        Value::Number(i64::MIN),
        Value::Text("text".into()),
        Value::Many(items),
        Value::At(Point { x: 1, y: -2 }),
    ] {
        report.same("echo-value", api::echo_value(&v), &v);
    }
    for (a, b) in [
        (Color::Red, Mode::empty()),
        (Color::Blue, Mode::READ | Mode::EXECUTE),
        (Color::Green, Mode::all()),
    ] {
        report.same("echo-enums", api::echo_enums(a, b), (a, b));
    }
    for v in [
        Ok(None),
        Ok(Some(Ok(7_u8))),
        Ok(Some(Err("no".to_string()))),
        Err(vec![]),
        Err(vec![("a".to_string(), 1_u32), ("b".to_string(), u32::MAX)]),
    ] {
        let borrowed = match &v {
            Ok(option) => Ok(option
                .as_ref()
                .map(|r| r.as_ref().copied().map_err(String::as_str))),
            Err(list) => Err(list.as_slice()),
        };
        let (got,) = api::echo_nested((borrowed,));
        report.same("echo-nested", got, v);
    }
    report.same(
        "many",
        api::many("a", "b", "c", "d", "e", "f", "g", "h", "i"),
        "abcdefghi",
    );
}

fn errors(report: &mut Report) {
    report.same("divide", api::divide(-7, 2), Ok::<_, ()>(-3));
    report.same(
        "divide by 0",
        api::divide(1, 0),
        Err::<(), _>(api::Error::Missing("divisor".into())),
    );
    report.same(
        "overflow",
        api::divide(i32::MIN, -1),
        Err::<(), _>(api::Error::Code(128)),
    );
    report.same("check", api::check("good"), Ok::<_, ()>(()));
    report.same(
        "check fails",
        api::check("bad"),
        Err::<(), _>("bad is not good"),
    );
    report.same("wait", api::wait(7), Ok::<_, ()>(8));
    report.same("wait fails", api::wait(0), Err::<(), _>(api::Error::Busy));
}

async fn resources(report: &mut Report) {
    let (a, b) = (Counter::new(5), Counter::new(7));
    report.same("value", a.value(), 5);
    report.same("add", a.add(3), Ok::<_, ()>(8));
    report.same(
        "add too much",
        a.add(u32::MAX),
        Err::<(), _>(api::Error::Code(u32::MAX)),
    );
    report.same("later", b.later(1).await, 8);
    report.same("both", Counter::both(&a, Some(&b)), 16);
    report.same("one", Counter::both(&a, None), 8);
    report.same("sum", Counter::sum(vec![a, b, Counter::new(4)]).value(), 20);
    let (canvas, point) = api::echo_canvas(Canvas::new("c"), Point { x: 3, y: 4 });
    report.same(
        "canvas",
        (canvas.name(), point),
        ("c", Point { x: 3, y: 4 }),
    );
    let mut stream = api::counters(3);
    let mut values = vec![];
    while let Some(counter) = stream.next().await {
        values.push(counter.value());
    }
    report.same("counters", values, [0, 1, 2]);
    let mut more = api::counters(100);
    report.same(
        "first counter",
        more.next().await.map(|c| c.value()),
        Some(0),
    );
    drop(more); // with counters that the host has ready
}

async fn tasks(report: &mut Report) {
    report.same("slow", api::slow(7).await, Ok::<_, ()>(8));
    report.same(
        "slow fails",
        api::slow(0).await,
        Err::<(), _>(api::Error::Busy),
    );
    report.same("fast", api::fast(item(3)).await, item(3));
    let mut forever = Box::pin(api::forever());
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    report.same(
        "forever",
        forever.as_mut().poll(&mut context).is_pending(),
        true,
    );
    drop(forever); // cancels the call
    while api::given_up() == 0 {
        let _ = api::slow(1).await;
    }
}

async fn channels(report: &mut Report) {
    let (mut to, from) = wit_stream::new::<u8>();
    let back = api::upper(from);
    let text = b"some text ".repeat(20_000);
    let (left, got) = futures(
        async move { to.write_all(text).await.len() },
        back.collect(),
    )
    .await;
    report.same(
        "upper",
        (left, got == b"SOME TEXT ".repeat(20_000)),
        (0, true),
    );
    let (mut to, from) = wit_stream::new::<u32>();
    let back = api::double(from);
    let (_, got) = futures(
        async move { to.write_all((0..1000).collect()).await },
        back.collect(),
    )
    .await;
    report.same(
        "double",
        got,
        (0..1000).map(|n| 2 * n).collect::<Vec<u32>>(),
    );
    let (mut to, from) = wit_stream::new::<Item>();
    let (_, got) = futures(
        async move { to.write_all((0..200).map(item).collect()).await.len() },
        api::names(from),
    )
    .await;
    report.same(
        "names",
        got,
        (0..200).map(|n| item(n).name).collect::<Vec<_>>(),
    );
    let (to, from) = wit_future::new(String::new);
    let back = api::reply(from);
    let (_, got) = futures(
        async move { to.write("question".into()).await.is_ok() },
        back.into_future(),
    )
    .await;
    report.same("reply", got, "answer to question");
}

/// Waits for both.
async fn futures<A, B>(a: impl Future<Output = A>, b: impl Future<Output = B>) -> (A, B) {
    let (mut a, mut b) = (std::pin::pin!(a), std::pin::pin!(b));
    let (mut x, mut y) = (None, None);
    std::future::poll_fn(move |context| {
        if x.is_none()
            && let std::task::Poll::Ready(v) = a.as_mut().poll(context)
        {
            x = Some(v);
        }
        if y.is_none()
            && let std::task::Poll::Ready(v) = b.as_mut().poll(context)
        {
            y = Some(v);
        }
        match (x.take(), y.take()) {
            (Some(v), Some(w)) => std::task::Poll::Ready((v, w)),
            (v, w) => {
                (x, y) = (v, w);
                std::task::Poll::Pending
            }
        }
    })
    .await
}

struct Forms;

impl bindings::Guest for Forms {
    async fn run() -> Vec<String> {
        let mut report = Report::default();
        values(&mut report);
        errors(&mut report);
        resources(&mut report).await;
        tasks(&mut report).await;
        channels(&mut report).await;
        report.0
    }
}

bindings::export!(Forms with_types_in bindings);
