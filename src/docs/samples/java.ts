import type { ApiRequest } from '../try/api-request.ts'
import { indented, timeoutSeconds } from './body.ts'

/** The request as a program that needs only Java's standard library, version 17 or newer. */
export function javaSample({ method, url, headers, body, hasToken, answer, waitMs }: ApiRequest): string {
  const seconds = timeoutSeconds(waitMs)
  const calls = [
    hasToken && '.header("Authorization", "Bearer " + System.getenv("WEIR_TOKEN"))',
    ...headers.map(([name, value]) => `.header(${JSON.stringify(name)}, ${JSON.stringify(value)})`),
    seconds !== undefined && `.timeout(Duration.ofSeconds(${seconds}))`,
    method !== 'GET' && `.method(${JSON.stringify(method)}, ${publisher(body)})`,
    '.build();'
  ].filter((call) => call !== false)
  const imports = [
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpResponse;',
    seconds !== undefined && 'import java.time.Duration;'
  ].filter((line) => line !== false)
  return `${imports.join('\n')}

public class Example {
    public static void main(String[] args) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(${JSON.stringify(url)}))
${calls.map((call) => `            ${indented(call, '            ')}`).join('\n')}
        ${indented(answer === 'events' ? STREAM : WHOLE, '        ')}
    }
}
`
}

const WHOLE = `var client = HttpClient.newHttpClient();
var response = client.send(request, HttpResponse.BodyHandlers.ofString());
System.out.println(response.statusCode());
System.out.println(response.body());`

const STREAM = `var client = HttpClient.newHttpClient();
var response = client.send(request, HttpResponse.BodyHandlers.ofLines());
response.body().forEach(System.out::println);`

function publisher(body: string | undefined): string {
  if (body === undefined) return 'HttpRequest.BodyPublishers.noBody()'
  return `HttpRequest.BodyPublishers.ofString(${body.includes('\n') ? block(body) : JSON.stringify(body)})`
}

/** A text block. Its lines lose the indentation that all of them have. */
function block(body: string): string {
  const escaped = body.replaceAll('\\', '\\\\').replaceAll('"""', '\\"""')
  return `"""\n${escaped}"""`
}
