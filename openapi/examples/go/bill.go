package main

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"example.com/weir-worker/weir"
)

var decimal = regexp.MustCompile(`^-?\d+(\.\d+)?$`)

// bill is the work: it prints a line for an order. It returns an error if the total is not a decimal number.
func bill(id weir.EntryID, fields weir.Fields) error {
	// Stands for work that takes long.
	if takesMs, err := strconv.Atoi(fields["takesMs"]); err == nil {
		time.Sleep(time.Duration(takesMs) * time.Millisecond)
	}
	total := fields["total"]
	if !decimal.MatchString(total) {
		return fmt.Errorf("the total %q is not a decimal number", total)
	}
	fmt.Println(id, fields["order"], total)
	return nil
}
