use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use weir::apis;

use crate::failure::Failure;

/// The time in which Weir must answer a request that does not wait for entries.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

/// Sends a request until it is answered, and returns the answer, or a refusal that would come again. When the worker is to
/// stop, it waits no longer, and tries once more.
pub async fn retry<T, E>(
    stop: &CancellationToken,
    name: &str,
    limit: Duration,
    send: impl AsyncFn() -> Result<T, apis::Error<E>>,
) -> Result<T, Failure> {
    loop {
        let is_last_try = stop.is_cancelled();
        let failure = match within(limit, send()).await {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        if is_last_try || failure.is_final() {
            return Err(failure);
        }
        if !stop.is_cancelled() {
            eprintln!("{name} will be sent again: {failure}");
        }
        pause(stop, failure.pause()).await;
    }
}

/// Sends a request once.
pub async fn within<T, E>(
    limit: Duration,
    request: impl Future<Output = Result<T, apis::Error<E>>>,
) -> Result<T, Failure> {
    match timeout(limit, request).await {
        Ok(result) => result.map_err(Failure::from),
        Err(_) => Err(Failure::NoAnswer(format!("no answer in {limit:?}"))),
    }
}

/// Waits, but not longer than until the worker is to stop.
pub async fn pause(stop: &CancellationToken, duration: Duration) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = sleep(duration) => {}
    }
}
