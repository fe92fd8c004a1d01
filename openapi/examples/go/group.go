package main

import (
	"context"
	"log"

	"example.com/weir-worker/weir"
)

// group is the group of a stream for which this worker processes entries.
type group struct {
	settings
	client *weir.ClientWithResponses
}

// ensure creates the group unless it exists. A group that exists keeps its delivery policy.
func (g *group) ensure(ctx context.Context) error {
	body := weir.EnsureGroupRequest{
		CreateStream: ptr(true),
		Delivery: &weir.DeliveryPolicy{
			AckTimeoutMs:  ptr(int32(g.ackTimeout.Milliseconds())),
			MaxDeliveries: ptr(int32(5)),
		},
	}
	_, err := retry(ctx, "ensureGroup", requestTimeout,
		func(ctx context.Context) (*weir.EnsureGroupResponse, error) {
			return g.client.EnsureGroupWithResponse(ctx, g.stream, g.group, nil, body)
		})
	return err
}

// read returns the entries that are pending for this consumer after an id, or if it is nil new ones, for which it waits.
// It returns none when ctx is done.
func (g *group) read(ctx context.Context, after *weir.EntryID) ([]weir.DeliveredEntry, error) {
	body := weir.ReadGroupRequest{
		Consumer: g.consumer,
		Count:    ptr(int32(10)),
		WaitMs:   ptr(int32(g.wait.Milliseconds())),
		After:    after,
	}
	response, err := retry(ctx, "readGroup", g.wait+requestTimeout,
		func(request context.Context) (*weir.ReadGroupResponse, error) {
			poll, cut := context.WithCancel(request)
			defer cut()
			defer context.AfterFunc(ctx, cut)()
			return g.client.ReadGroupWithResponse(poll, g.stream, g.group, body)
		})
	switch {
	case err == nil:
		return response.JSON200.Entries, nil
	case ctx.Err() != nil:
		return nil, nil
	case isGone(err):
		log.Printf("readGroup: %v", err)
		pause(ctx, retryPause)
		return nil, g.ensure(ctx)
	default:
		return nil, err
	}
}

func (g *group) ack(ctx context.Context, id weir.EntryID) error {
	body := weir.AckRequest{Ids: []weir.EntryID{id}, Consumer: &g.consumer}
	return settle(ctx, "ackEntries", id, func(ctx context.Context) ([]weir.EntryID, error) {
		response, err := g.client.AckEntriesWithResponse(ctx, g.stream, g.group, body)
		if err != nil {
			return nil, err
		}
		return response.JSON200.NotPending, nil
	})
}

// nack gives back an entry whose work failed. It is delivered again later, or is dead if it has no deliveries left.
func (g *group) nack(ctx context.Context, id weir.EntryID, reason string) error {
	body := weir.NackRequest{
		Ids:      []weir.EntryID{id},
		Consumer: &g.consumer,
		Outcome:  weir.NackOutcomeRetry,
		Reason:   &reason,
	}
	return settle(ctx, "nackEntries", id, func(ctx context.Context) ([]weir.EntryID, error) {
		response, err := g.client.NackEntriesWithResponse(ctx, g.stream, g.group, body)
		if err != nil {
			return nil, err
		}
		return response.JSON200.NotPending, nil
	})
}

// settle sends an ack or a nack, which returns the ids that were not pending for this consumer.
func settle(
	ctx context.Context, name string, id weir.EntryID, send func(context.Context) ([]weir.EntryID, error),
) error {
	notPending, err := retry(ctx, name, requestTimeout, send)
	if isGone(err) {
		log.Printf("%s of %s is dropped: %v", name, id, err)
		return nil
	}
	if len(notPending) > 0 {
		log.Printf("%s was given to another consumer meanwhile", id)
	}
	return err
}

// extend starts the time of these entries again. They are named: an entry whose delivery got lost on the way must fall due.
func (g *group) extend(ctx context.Context, ids []weir.EntryID) error {
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	body := weir.ExtendRequest{Ids: ids, Consumer: g.consumer}
	_, err := g.client.ExtendEntriesWithResponse(ctx, g.stream, g.group, body)
	return err
}

// leave deletes this consumer. What it still holds is due at once, and the delivery to it does not count.
func (g *group) leave(ctx context.Context) error {
	params := weir.DeleteConsumerParams{Pending: ptr(weir.ConsumerPendingPolicyRelease)}
	_, err := retry(ctx, "deleteConsumer", requestTimeout,
		func(ctx context.Context) (*weir.DeleteConsumerResponse, error) {
			return g.client.DeleteConsumerWithResponse(ctx, g.stream, g.group, g.consumer, &params)
		})
	if isGone(err) {
		return nil
	}
	return err
}

// ptr returns a pointer to a member that may be omitted.
func ptr[T any](value T) *T { return &value }
