//! What messages have after their header section.

use crate::bindings::wasi::http::types::{ErrorCode, Fields};
use crate::bindings::{wit_future, wit_stream};
use crate::check::same;
use wit_bindgen::{FutureReader, FutureWriter, StreamReader, StreamWriter};

/// The trailers of a message, or why it is incomplete.
pub type Trailers = Result<Option<Fields>, ErrorCode>;

/// What became of a message.
pub type Sent = Result<(), ErrorCode>;

/// Where a body is written.
pub struct Writer {
    data: StreamWriter<u8>,
    trailers: FutureWriter<Trailers>,
}

/// Makes a body: where it is written, and what is given to the message.
pub fn body() -> (Writer, StreamReader<u8>, FutureReader<Trailers>) {
    let (data, contents) = wit_stream::new();
    let (trailers, end) = wit_future::new(|| Ok(None));
    (Writer { data, trailers }, contents, end)
}

impl Writer {
    /// Writes all of the body.
    pub async fn write(mut self, data: &[u8], end: Trailers) -> Result<(), String> {
        let left = self.data.write_all(data.to_vec()).await;
        same("bytes not taken", left.len(), 0)?;
        drop(self.data);
        let taken = self.trailers.write(end).await;
        taken.map_err(|_| "nobody takes the trailers".into())
    }

    /// Begins a body that does not end before finish is called.
    pub async fn begin(&mut self, data: &[u8]) -> Result<(), String> {
        let left = self.data.write_all(data.to_vec()).await;
        same("bytes not taken", left.len(), 0)
    }

    /// Ends a body, whether anybody wants to know or not.
    pub async fn finish(self, end: Trailers) {
        drop(self.data);
        let _ = self.trailers.write(end).await;
    }
}

/// Reads all of a body.
pub async fn read(
    (data, trailers): (StreamReader<u8>, FutureReader<Trailers>),
) -> (Vec<u8>, Trailers) {
    (data.collect().await, trailers.await)
}

/// What is given to the function consume-body: all went well.
pub fn fine() -> FutureReader<Sent> {
    wit_future::new(|| Ok(())).1
}
