package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"example.com/weir-worker/weir"
)

// refusal is the error of a request that Weir refused.
type refusal struct {
	weir.Problem
	// retryAfter is how long to wait before the request is sent again. Zero if Weir did not say.
	retryAfter time.Duration
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s: %s (request %s)", r.Code, r.Detail, r.RequestID)
}

func newClient(url, token string) (*weir.ClientWithResponses, error) {
	authorize := func(_ context.Context, request *http.Request) error {
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		return nil
	}
	return weir.NewClientWithResponses(url, weir.WithHTTPClient(doer{}), weir.WithRequestEditorFn(authorize))
}

// doer sends requests, and returns an error for each response but the one that has the answer. So the responses of the
// generated client always have their JSON200.
type doer struct{}

var httpClient = &http.Client{
	// A redirected POST would become a GET.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

func (doer) Do(request *http.Request) (*http.Response, error) {
	response, err := httpClient.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode == http.StatusOK && isJSON(response) {
		return response, nil
	}
	defer response.Body.Close()
	return nil, errorOf(response)
}

// errorOf returns the refusal of Weir, or says what a proxy sent instead.
func errorOf(response *http.Response) error {
	contentType := response.Header.Get("Content-Type")
	if contentType == "" {
		contentType = "no content type"
	}
	var refused refusal
	if !isJSON(response) {
		return fmt.Errorf("%s with %s", response.Status, contentType)
	}
	if err := json.NewDecoder(response.Body).Decode(&refused.Problem); err != nil {
		return fmt.Errorf("%s with an incomplete body: %w", response.Status, err)
	}
	if refused.Code == "" {
		return fmt.Errorf("%s without a problem", response.Status)
	}
	refused.retryAfter = retryAfter(response, refused.Problem)
	return &refused
}

func retryAfter(response *http.Response, problem weir.Problem) time.Duration {
	if problem.RetryAfterMs != nil {
		return time.Duration(*problem.RetryAfterMs) * time.Millisecond
	}
	seconds, err := strconv.Atoi(response.Header.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func isJSON(response *http.Response) bool {
	return strings.Contains(response.Header.Get("Content-Type"), "json")
}
