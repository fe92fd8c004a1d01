use std::time::Duration;

use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use weir::apis;

use crate::failure::Failure;

/// The time in which Weir must answer a request that does not wait for entries.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

const TRIES_AFTER_STOP: u32 = 2;

/// Sends a request until it is answered, and returns the answer, or a refusal that would come again. When the worker is to
/// stop, returns the last failure after a few more tries.
pub async fn retry<T, E>(
    stop: &CancellationToken,
    name: &str,
    limit: Duration,
    send: impl AsyncFn() -> Result<T, apis::Error<E>>,
) -> Result<T, Failure> {
    let mut tries_left = TRIES_AFTER_STOP;
    loop {
        let failure = match within(limit, send()).await {
            Err(failure) if !failure.is_final() => failure,
            result => return result,
        };
        if stop.is_cancelled() {
            if tries_left == 0 {
                return Err(failure);
            }
            tries_left -= 1;
        }
        eprintln!("{name} will be sent again: {failure}");
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

/// Waits, but not longer than until the worker is to stop. After that, waits for a second at most.
pub async fn pause(stop: &CancellationToken, duration: Duration) {
    if stop.is_cancelled() {
        return sleep(duration.min(Duration::from_secs(1))).await;
    }
    tokio::select! {
        () = stop.cancelled() => {}
        () = sleep(duration) => {}
    }
}
