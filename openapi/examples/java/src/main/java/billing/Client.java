package billing;

import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpClient.Version;
import weir.ApiClient;

/** The generated client, configured. */
final class Client {
    private Client() {}

    static ApiClient of(Settings settings) {
        var http = HttpClient.newBuilder()
                // A redirect of a POST would be followed with a GET.
                .followRedirects(Redirect.NEVER)
                // Otherwise, each new connection begins with an attempt to change to HTTP/2.
                .version(Version.HTTP_1_1);
        var client = new ApiClient(http, ApiClient.createDefaultObjectMapper(), settings.url());
        settings.token().ifPresent(token -> client.setRequestInterceptor(
                request -> request.setHeader("Authorization", "Bearer " + token)));
        return client;
    }
}
