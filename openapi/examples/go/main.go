// Command worker processes the entries of a group.
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	// Standard output is for results, so the log goes to standard error.
	log.SetFlags(0)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	// After the first signal, the next one ends the process at once.
	context.AfterFunc(ctx, stop)
	if err := run(ctx); err != nil {
		log.Print(err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	settings, err := readSettings()
	if err != nil {
		return err
	}
	client, err := newClient(settings.url, settings.token)
	if err != nil {
		return err
	}
	err = work(ctx, &group{settings, client})
	if err != nil && !isFinal(err) {
		// Weir does not answer any more. Entries that were not given back fall due after their time.
		log.Print(err)
		return nil
	}
	return err
}
