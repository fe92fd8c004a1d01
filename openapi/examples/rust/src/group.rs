use std::time::Duration;

use tokio_util::sync::CancellationToken;
use weir::apis::configuration::Configuration;
use weir::apis::{self, groups_api};
use weir::models::{
    AckRequest, ConsumerPendingPolicy, DeliveredEntry, DeliveryPolicy, EnsureGroupRequest, ExtendRequest, NackOutcome,
    NackRequest, ReadGroupRequest,
};

use crate::failure::Failure;
use crate::retry::{REQUEST_TIMEOUT, pause, retry, within};
use crate::settings::Settings;

/// The group of a stream for which this worker processes entries.
pub struct Group {
    settings: Settings,
    weir: Configuration,
    /// Cancelled when the worker is to stop.
    pub stop: CancellationToken,
}

impl Group {
    pub fn new(settings: Settings, stop: CancellationToken) -> reqwest::Result<Self> {
        let client = reqwest::Client::builder()
            // A redirected POST would become a GET.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let weir = Configuration {
            base_path: settings.url.clone(),
            bearer_access_token: settings.token.clone(),
            client,
            ..Configuration::default()
        };
        Ok(Self { settings, weir, stop })
    }

    /// Creates the group unless it exists. A group that exists keeps its delivery policy.
    pub async fn ensure(&self) -> Result<(), Failure> {
        let Settings { stream, group, ack_timeout, .. } = &self.settings;
        let body = EnsureGroupRequest {
            create_stream: Some(true),
            delivery: Some(DeliveryPolicy {
                ack_timeout_ms: Some(milliseconds(*ack_timeout)),
                max_deliveries: Some(5),
                ..Default::default()
            }),
            ..Default::default()
        };
        retry(&self.stop, "ensureGroup", REQUEST_TIMEOUT, async || {
            groups_api::ensure_group(&self.weir, stream, group, None, Some(body.clone())).await
        })
        .await?;
        Ok(())
    }

    /// Returns the entries that are pending for this consumer after an id, or new ones, for which it waits. Returns none
    /// when the worker is to stop.
    pub async fn read(&self, after: Option<String>) -> Result<Vec<DeliveredEntry>, Failure> {
        let Settings { stream, group, consumer, wait, .. } = &self.settings;
        let body = ReadGroupRequest {
            count: Some(10),
            wait_ms: Some(milliseconds(*wait)),
            after,
            ..ReadGroupRequest::new(consumer.clone())
        };
        let poll = retry(&self.stop, "readGroup", *wait + REQUEST_TIMEOUT, async || {
            groups_api::read_group(&self.weir, stream, group, body.clone()).await
        });
        let result = tokio::select! {
            // This ends the poll, which waits at the server.
            () = self.stop.cancelled() => return Ok(Vec::new()),
            result = poll => result,
        };
        match result {
            Ok(answer) => Ok(answer.entries),
            Err(failure) if failure.is_gone() => {
                eprintln!("readGroup: {failure}");
                pause(&self.stop, Duration::from_secs(1)).await;
                self.ensure().await?;
                Ok(Vec::new())
            }
            Err(failure) => Err(failure),
        }
    }

    pub async fn ack(&self, id: &str) -> Result<(), Failure> {
        let Settings { stream, group, consumer, .. } = &self.settings;
        let body =
            AckRequest { consumer: Some(consumer.clone()), ..AckRequest::new(vec![id.into()]) };
        self.settle("ackEntries", id, async || {
            let answer = groups_api::ack_entries(&self.weir, stream, group, body.clone()).await?;
            Ok(answer.not_pending)
        })
        .await
    }

    /// Gives back an entry whose work failed. It is delivered again later, or is dead if it has no deliveries left.
    pub async fn nack(&self, id: &str, reason: String) -> Result<(), Failure> {
        let Settings { stream, group, consumer, .. } = &self.settings;
        let body = NackRequest {
            consumer: Some(consumer.clone()),
            reason: Some(reason),
            ..NackRequest::new(vec![id.into()], NackOutcome::Retry)
        };
        self.settle("nackEntries", id, async || {
            let answer = groups_api::nack_entries(&self.weir, stream, group, body.clone()).await?;
            Ok(answer.not_pending)
        })
        .await
    }

    /// Sends an ack or a nack, which returns the ids that were not pending for this consumer.
    async fn settle<E>(
        &self,
        name: &str,
        id: &str,
        send: impl AsyncFn() -> Result<Vec<String>, apis::Error<E>>,
    ) -> Result<(), Failure> {
        match retry(&self.stop, name, REQUEST_TIMEOUT, send).await {
            Ok(not_pending) if not_pending.is_empty() => Ok(()),
            Ok(_) => {
                eprintln!("{id} was given to another consumer meanwhile");
                Ok(())
            }
            Err(failure) if failure.is_gone() => {
                eprintln!("{name} of {id} is dropped: {failure}");
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    }

    /// Starts the time of these entries again. They are named: an entry whose delivery got lost on the way must fall due.
    pub async fn extend(&self, ids: &[String]) -> Result<(), Failure> {
        let Settings { stream, group, consumer, .. } = &self.settings;
        let body =
            ExtendRequest { ids: Some(ids.to_vec()), ..ExtendRequest::new(consumer.clone()) };
        within(REQUEST_TIMEOUT, groups_api::extend_entries(&self.weir, stream, group, body))
            .await?;
        Ok(())
    }

    /// Deletes this consumer. What it still holds is due at once, and the delivery to it does not count.
    pub async fn leave(&self) -> Result<(), Failure> {
        let Settings { stream, group, consumer, .. } = &self.settings;
        let result = retry(&self.stop, "deleteConsumer", REQUEST_TIMEOUT, async || {
            groups_api::delete_consumer(&self.weir, stream, group, consumer, Some(ConsumerPendingPolicy::Release)).await
        })
        .await;
        match result {
            Err(failure) if !failure.is_gone() => Err(failure),
            _ => Ok(()),
        }
    }
}

/// Weir's longest times are far below the 49 days that fit.
fn milliseconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}
