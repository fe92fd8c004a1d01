use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::{Instant, interval_at};
use tokio_util::task::AbortOnDropHandle;
use weir::models::DeliveredEntry;

use crate::group::Group;

/// Keeps the entries in hand until it is dropped, so that the group does not give them to another consumer during long
/// work.
pub struct Heartbeat {
    settled: Arc<AtomicUsize>,
    _task: Option<AbortOnDropHandle<()>>,
}

impl Heartbeat {
    pub fn start(group: &Arc<Group>, entries: &[DeliveredEntry]) -> Self {
        let settled = Arc::new(AtomicUsize::new(0));
        let task = interval_for(entries).map(|interval| {
            let ids = entries.iter().map(|entry| entry.id.clone()).collect();
            let beats = beat(Arc::clone(group), ids, Arc::clone(&settled), interval);
            AbortOnDropHandle::new(tokio::spawn(beats))
        });
        Self { settled, _task: task }
    }

    /// The first entry in hand is settled.
    pub fn next(&self) {
        self.settled.fetch_add(1, Ordering::Relaxed);
    }
}

async fn beat(group: Arc<Group>, ids: Vec<String>, settled: Arc<AtomicUsize>, interval: Duration) {
    let mut ticks = interval_at(Instant::now() + interval, interval);
    loop {
        ticks.tick().await;
        let in_hand = &ids[settled.load(Ordering::Relaxed)..];
        if in_hand.is_empty() {
            return;
        }
        // After a failure, the next one comes anyway.
        if let Err(failure) = group.extend(in_hand).await {
            eprintln!("extendEntries: {failure}");
        }
    }
}

/// A third of the shortest time for an ack. None in a group without `ackTimeoutMs`, which takes no entries away.
fn interval_for(entries: &[DeliveredEntry]) -> Option<Duration> {
    let shortest = entries.iter().filter_map(|entry| entry.ack_before_ms).min()?;
    Some(Duration::from_millis(shortest.max(100)) / 3)
}
