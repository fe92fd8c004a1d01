package billing;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;
import weir.ApiClient;
import weir.ApiException;
import weir.model.Problem;

/** Finds out why a call of the generated client failed. */
final class Failures {
    private static final ObjectMapper JSON = ApiClient.createDefaultObjectMapper();

    private Failures() {}

    static Failure of(Throwable thrown) {
        if (!(thrown instanceof ApiException e)) return new Failure(String.valueOf(thrown));
        if (e.getCode() == 0) return withoutStatus(e);
        HttpHeaders headers = e.getResponseHeaders();
        // The message of the exception has the whole body, such as the page of a proxy.
        String type = headers.firstValue("Content-Type").orElse("no content type");
        Problem problem = problemIn(e.getResponseBody());
        if (problem == null) return new Failure(e.getCode() + " with " + type);
        return new Refusal(problem, headers.firstValue("Retry-After").map(Failures::seconds).orElse(0L));
    }

    /** The connection failed, or the body of an answer with 2xx is not what it should be. */
    private static Failure withoutStatus(ApiException e) {
        Throwable cause = e.getCause();
        // The message of a JacksonException quotes the body.
        return new Failure(cause instanceof JacksonException ? "the answer is not valid JSON" : String.valueOf(cause));
    }

    private static Problem problemIn(String body) {
        try {
            Problem problem = JSON.readValue(body, Problem.class);
            boolean isWhole = problem != null && problem.getCode() != null && problem.getRetryable() != null;
            return isWhole ? problem : null;
        } catch (JacksonException e) {
            return null;
        }
    }

    /** Proxies may send a date instead. */
    private static long seconds(String retryAfter) {
        return retryAfter.matches("\\d{1,9}") ? Long.parseLong(retryAfter) : 0;
    }
}
