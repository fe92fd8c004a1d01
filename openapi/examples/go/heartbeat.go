package main

import (
	"context"
	"log"
	"sync"
	"sync/atomic"
	"time"

	"example.com/weir-worker/weir"
)

// heartbeat keeps the entries in hand, so that the group does not give them to another consumer during long work.
type heartbeat struct {
	group   *group
	ids     []weir.EntryID
	settled atomic.Int32
	cancel  context.CancelFunc
	ended   sync.WaitGroup
}

func startHeartbeat(g *group, entries []weir.DeliveredEntry) *heartbeat {
	ctx, cancel := context.WithCancel(context.Background())
	h := &heartbeat{group: g, cancel: cancel}
	for _, entry := range entries {
		h.ids = append(h.ids, entry.ID)
	}
	if interval := intervalFor(entries); interval > 0 {
		h.ended.Go(func() { h.run(ctx, interval) })
	}
	return h
}

// next drops the first entry in hand: it is settled.
func (h *heartbeat) next() { h.settled.Add(1) }

func (h *heartbeat) stop() {
	h.cancel()
	h.ended.Wait()
}

func (h *heartbeat) run(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		ids := h.ids[h.settled.Load():]
		if len(ids) == 0 {
			continue
		}
		// After an error, the next one comes anyway.
		if err := h.group.extend(ctx, ids); err != nil && ctx.Err() == nil {
			log.Printf("extendEntries: %v", err)
		}
	}
}

// intervalFor returns a third of the shortest time for an ack, or zero in a group without ackTimeoutMs, which takes no
// entries away.
func intervalFor(entries []weir.DeliveredEntry) time.Duration {
	var shortest time.Duration
	for _, entry := range entries {
		if entry.AckBeforeMs == nil {
			continue
		}
		ackBefore := max(time.Duration(*entry.AckBeforeMs)*time.Millisecond, 100*time.Millisecond)
		if shortest == 0 || ackBefore < shortest {
			shortest = ackBefore
		}
	}
	return shortest / 3
}
