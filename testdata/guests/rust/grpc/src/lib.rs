//! Serves acme.arithmetic.v1 of examples/grpc by tonic; testdata/guests/README.md says how.

use std::pin::Pin;
use std::sync::LazyLock;
use std::time::Duration;

use futures::channel::mpsc;
use futures::{SinkExt, Stream};
use spin_sdk::http::{IntoResponse, Request as HttpRequest, grpc};
use spin_sdk::http_service;
use spin_sdk::time::sleep;
use spin_sdk::wasip3::random::random::get_random_u64;
use spin_sdk::wasip3::spawn;
use tonic::metadata::MetadataMap;
use tonic::{Code, Request, Response, Status, Streaming};
use tonic_types::{ErrorDetails, StatusExt};

use proto::arithmetic_server::{Arithmetic, ArithmeticServer};
use proto::{CountRequest, DivideRequest, DivideResponse, Number, SumResponse};

mod proto {
    tonic::include_proto!("acme.arithmetic.v1");
}

#[http_service]
async fn handle(request: HttpRequest) -> impl IntoResponse {
    grpc::serve(ArithmeticServer::new(Service), request).await
}

struct Service;

type Numbers = Pin<Box<dyn Stream<Item = Result<Number, Status>> + Send>>;
type Sink = mpsc::Sender<Result<Number, Status>>;

#[tonic::async_trait]
impl Arithmetic for Service {
    async fn divide(
        &self,
        request: Request<DivideRequest>,
    ) -> Result<Response<DivideResponse>, Status> {
        let (metadata, _, message) = request.into_parts();
        if message.divisor == 0.0 {
            return Err(Status::with_error_details(
                Code::InvalidArgument,
                "cannot divide by 0: send another divisor",
                ErrorDetails::with_bad_request_violation("divisor", "is 0"),
            ));
        }
        let quotient = message.dividend / message.divisor;
        let mut response = answer(DivideResponse { quotient });
        pass_on("x-request-id", &metadata, response.metadata_mut());
        Ok(response)
    }

    type CountStream = Numbers;

    async fn count(&self, request: Request<CountRequest>) -> Result<Response<Numbers>, Status> {
        let CountRequest { to, interval_ms } = request.into_inner();
        Ok(answer(numbers(async move |mut sink: Sink| {
            for i in 1..=to {
                if i > 1 && interval_ms > 0 {
                    sleep(Duration::from_millis(interval_ms)).await;
                }
                if sink.send(Ok(Number { value: i as f64 })).await.is_err() {
                    eprintln!("count: the client has left");
                    return;
                }
            }
        })))
    }

    async fn sum(
        &self,
        request: Request<Streaming<Number>>,
    ) -> Result<Response<SumResponse>, Status> {
        let mut source = request.into_inner();
        let (mut sum, mut count) = (0.0, 0);
        while let Some(number) = source.message().await? {
            sum += number.value;
            count += 1;
        }
        Ok(answer(SumResponse { sum, count }))
    }

    type AverageStream = Numbers;

    async fn average(
        &self,
        request: Request<Streaming<Number>>,
    ) -> Result<Response<Numbers>, Status> {
        let mut source = request.into_inner();
        Ok(answer(numbers(async move |mut sink: Sink| {
            if let Err(status) = average(&mut source, &mut sink).await {
                _ = sink.send(Err(status)).await;
            }
        })))
    }
}

async fn average(source: &mut Streaming<Number>, sink: &mut Sink) -> Result<(), Status> {
    let (mut sum, mut count) = (0.0, 0.0);
    while let Some(Number { value }) = source.message().await? {
        if !value.is_finite() {
            return Err(Status::out_of_range(format!("{value} has no place in a mean")));
        }
        sum += value;
        count += 1.0;
        if sink.send(Ok(Number { value: sum / count })).await.is_err() {
            eprintln!("average: the client has left");
            return Ok(());
        }
    }
    Ok(())
}

/// A stream of what `write` sends, which goes on when the handler has returned.
fn numbers<F>(write: impl FnOnce(Sink) -> F) -> Numbers
where
    F: Future<Output = ()> + 'static,
{
    let (sink, stream) = mpsc::channel(0);
    spawn(write(sink));
    Box::pin(stream)
}

/// A response that tells which instance it is of.
fn answer<T>(message: T) -> Response<T> {
    static INSTANCE: LazyLock<u64> = LazyLock::new(get_random_u64);
    let mut response = Response::new(message);
    response
        .metadata_mut()
        .insert("x-instance", (*INSTANCE).into());
    response
}

fn pass_on(name: &'static str, from: &MetadataMap, to: &mut MetadataMap) {
    if let Some(value) = from.get(name) {
        to.insert(name, value.clone());
    }
}
