package main

import (
	"fmt"
	"os"
	"strconv"
	"time"
)

type settings struct {
	url        string
	token      string
	stream     string
	group      string
	consumer   string
	wait       time.Duration
	ackTimeout time.Duration
}

func readSettings() (settings, error) {
	wait, err := milliseconds("WAIT_MS", 30*time.Second)
	if err != nil {
		return settings{}, err
	}
	ackTimeout, err := milliseconds("ACK_TIMEOUT_MS", 30*time.Second)
	if err != nil {
		return settings{}, err
	}
	consumer, err := consumerName()
	if err != nil {
		return settings{}, err
	}
	return settings{
		url:        text("WEIR_URL", "http://127.0.0.1:7070"),
		token:      os.Getenv("WEIR_TOKEN"),
		stream:     text("STREAM", "orders"),
		group:      text("GROUP", "billing"),
		consumer:   consumer,
		wait:       wait,
		ackTimeout: ackTimeout,
	}, nil
}

// consumerName returns a name that no other worker has: consumers of the same name would read each other's pending entries
// when they start.
func consumerName() (string, error) {
	if name := os.Getenv("CONSUMER"); name != "" {
		return name, nil
	}
	host, err := os.Hostname()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s-%d", host, os.Getpid()), nil
}

func text(name, byDefault string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return byDefault
}

func milliseconds(name string, byDefault time.Duration) (time.Duration, error) {
	value := os.Getenv(name)
	if value == "" {
		return byDefault, nil
	}
	ms, err := strconv.ParseInt(value, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%s: %q is not a number of milliseconds", name, value)
	}
	return time.Duration(ms) * time.Millisecond, nil
}
