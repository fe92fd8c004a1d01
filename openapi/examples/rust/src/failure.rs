use std::error::Error;
use std::fmt;
use std::time::Duration;

use weir::apis;
use weir::models::Problem;

const PAUSE: Duration = Duration::from_secs(1);
const MAX_PAUSE: Duration = Duration::from_secs(60);

/// Why a request was not answered.
#[derive(Debug)]
pub enum Failure {
    /// Weir refused it.
    Refused(Problem),
    /// Nothing came, or something that is not from Weir, such as a page of a proxy.
    NoAnswer(String),
}

impl Failure {
    /// Whether Weir would refuse the request again.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Refused(problem) if !problem.retryable)
    }

    /// Whether somebody deleted the stream, the group or the consumer.
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Refused(problem) if matches!(
            problem.code.as_str(),
            "stream-not-found" | "group-not-found" | "consumer-not-found"
        ))
    }

    /// How long to wait before the request is sent again. The client does not show the header Retry-After.
    pub fn pause(&self) -> Duration {
        match self {
            Self::Refused(problem) => problem
                .retry_after_ms
                .map_or(PAUSE, |ms| Duration::from_millis(ms.into()).min(MAX_PAUSE)),
            Self::NoAnswer(_) => PAUSE,
        }
    }
}

/// Each operation has an error type of its own, and all of them hold the same problem. So the problem is read from the
/// text of the response.
impl<T> From<apis::Error<T>> for Failure {
    fn from(error: apis::Error<T>) -> Self {
        match error {
            apis::Error::ResponseError(response) => match serde_json::from_str(&response.content) {
                Ok(problem) => Self::Refused(problem),
                Err(_) => Self::NoAnswer(format!("{} without a problem", response.status)),
            },
            apis::Error::Reqwest(error) => Self::NoAnswer(with_causes(&error.without_url())),
            apis::Error::Serde(error) => Self::NoAnswer(error.to_string()),
            apis::Error::Io(error) => Self::NoAnswer(error.to_string()),
        }
    }
}

impl Error for Failure {}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(Problem { code, detail, request_id, .. }) => {
                write!(f, "{code}: {detail} (request {request_id})")
            }
            Self::NoAnswer(reason) => f.write_str(reason),
        }
    }
}

/// The error of a request only says that it failed. Its causes say why.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
