use std::sync::Arc;

use weir::models::DeliveredEntry;

use crate::bill::bill;
use crate::failure::Failure;
use crate::group::Group;
use crate::heartbeat::Heartbeat;

/// Processes entries of the group until the worker is to stop. Then it finishes the entry in work, and gives back the
/// others.
pub async fn work(group: &Arc<Group>) -> Result<(), Failure> {
    group.ensure().await?;
    // First what this consumer read before it was interrupted. It has read all of it when a page is empty.
    let mut after = Some("0-0".to_owned());
    while !group.stop.is_cancelled() {
        let entries = group.read(after.clone()).await?;
        if after.is_some() {
            after = entries.last().map(|entry| entry.id.clone());
        }
        let heartbeat = Heartbeat::start(group, &entries);
        for entry in &entries {
            if group.stop.is_cancelled() {
                break;
            }
            process(group, entry).await?;
            heartbeat.next();
        }
    }
    group.leave().await
}

async fn process(
    group: &Group,
    DeliveredEntry { id, fields, .. }: &DeliveredEntry,
) -> Result<(), Failure> {
    // An entry without fields was deleted while it was pending.
    let Some(fields) = fields else {
        return group.ack(id).await;
    };
    match bill(id, fields).await {
        Ok(()) => group.ack(id).await,
        Err(error) => {
            eprintln!("{id} failed: {error}");
            group.nack(id, error.to_string()).await
        }
    }
}
