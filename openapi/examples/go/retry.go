package main

import (
	"context"
	"errors"
	"log"
	"slices"
	"time"
)

const (
	// requestTimeout is the time in which Weir must answer a request that does not wait for entries.
	requestTimeout = 5 * time.Second
	retryPause     = time.Second
	maxRetryPause  = time.Minute
	triesAfterStop = 2
)

// retry sends a request until it is answered, and returns the answer, or a refusal that would come again. When ctx is
// done, it returns the last error after a few more tries. The context that send gets has a time-out, and is not done with
// ctx.
func retry[T any](
	ctx context.Context, name string, timeout time.Duration, send func(context.Context) (T, error),
) (T, error) {
	for triesLeft := triesAfterStop; ; {
		answer, err := sendOnce(ctx, timeout, send)
		isCut := errors.Is(err, context.Canceled)
		if err == nil || isCut || isFinal(err) {
			return answer, err
		}
		if ctx.Err() != nil {
			if triesLeft == 0 {
				return answer, err
			}
			triesLeft--
		}
		log.Printf("%s will be sent again: %v", name, err)
		pause(ctx, pauseAfter(err))
	}
}

func sendOnce[T any](
	ctx context.Context, timeout time.Duration, send func(context.Context) (T, error),
) (T, error) {
	request, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	return send(request)
}

// pause waits, but not longer than until ctx is done. After that, it waits for a second at most.
func pause(ctx context.Context, duration time.Duration) {
	if ctx.Err() != nil {
		time.Sleep(min(duration, retryPause))
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(duration):
	}
}

func pauseAfter(err error) time.Duration {
	var refused *refusal
	if errors.As(err, &refused) && refused.retryAfter > 0 {
		return min(refused.retryAfter, maxRetryPause)
	}
	return retryPause
}

// isFinal reports whether Weir would refuse the request again.
func isFinal(err error) bool {
	var refused *refusal
	return errors.As(err, &refused) && !refused.Retryable
}

var gone = []string{"stream-not-found", "group-not-found", "consumer-not-found"}

// isGone reports whether somebody deleted the stream, the group or the consumer.
func isGone(err error) bool {
	var refused *refusal
	return errors.As(err, &refused) && slices.Contains(gone, refused.Code)
}
