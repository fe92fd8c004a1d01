use std::env::{self, VarError};
use std::process;
use std::time::Duration;

pub struct Settings {
    pub url: String,
    pub token: Option<String>,
    pub stream: String,
    pub group: String,
    pub consumer: String,
    pub wait: Duration,
    pub ack_timeout: Duration,
}

impl Settings {
    pub fn from_env() -> Result<Self, String> {
        Ok(Self {
            url: text("WEIR_URL")?.unwrap_or_else(|| "http://127.0.0.1:7070".into()),
            token: text("WEIR_TOKEN")?,
            stream: text("STREAM")?.unwrap_or_else(|| "orders".into()),
            group: text("GROUP")?.unwrap_or_else(|| "billing".into()),
            consumer: text("CONSUMER")?.unwrap_or_else(default_consumer),
            wait: milliseconds("WAIT_MS")?.unwrap_or(Duration::from_secs(30)),
            ack_timeout: milliseconds("ACK_TIMEOUT_MS")?.unwrap_or(Duration::from_secs(30)),
        })
    }
}

/// Two consumers of the same name would read each other's pending entries when they start.
fn default_consumer() -> String {
    let host = gethostname::gethostname();
    format!("{}-{}", host.to_string_lossy(), process::id())
}

fn text(name: &str) -> Result<Option<String>, String> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(error) => Err(format!("{name}: {error}")),
    }
}

fn milliseconds(name: &str) -> Result<Option<Duration>, String> {
    let Some(value) = text(name)? else {
        return Ok(None);
    };
    let ms = value.parse::<u32>();
    ms.map(|ms| Some(Duration::from_millis(ms.into())))
        .map_err(|_| format!("{name}: \"{value}\" is not a number of milliseconds"))
}
