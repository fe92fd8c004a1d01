package main

import (
	"context"
	"log"

	"example.com/weir-worker/weir"
)

// work processes entries of the group until ctx is done. Then it finishes the entry in work, and gives back the others.
func work(ctx context.Context, g *group) error {
	if err := g.ensure(ctx); err != nil {
		return err
	}
	// First what this consumer read before it was interrupted. It has read all of it when a page is empty.
	after := ptr("0-0")
	for ctx.Err() == nil {
		entries, err := g.read(ctx, after)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			after = nil
		} else if after != nil {
			after = &entries[len(entries)-1].ID
		}
		if err := processAll(ctx, g, entries); err != nil {
			return err
		}
	}
	return g.leave(ctx)
}

func processAll(ctx context.Context, g *group, entries []weir.DeliveredEntry) error {
	heartbeat := startHeartbeat(g, entries)
	defer heartbeat.stop()
	for _, entry := range entries {
		if ctx.Err() != nil {
			return nil
		}
		if err := process(ctx, g, entry); err != nil {
			return err
		}
		heartbeat.next()
	}
	return nil
}

func process(ctx context.Context, g *group, entry weir.DeliveredEntry) error {
	// An entry without fields was deleted while it was pending.
	if entry.Fields != nil {
		if err := bill(entry.ID, *entry.Fields); err != nil {
			log.Printf("%s failed: %v", entry.ID, err)
			return g.nack(ctx, entry.ID, err.Error())
		}
	}
	return g.ack(ctx, entry.ID)
}
