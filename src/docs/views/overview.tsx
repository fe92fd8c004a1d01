import { documentUrl, type Loaded } from '../live-document.ts'
import { Method, Path } from '../parts/method.tsx'
import { Text } from '../parts/text.tsx'
import { addressOf } from '../routes.ts'

/** What the API is, and all of its operations. */
export function Overview({ loaded: { document, tags, root } }: { loaded: Loaded }) {
  const { info, components } = document
  return (
    <>
      <section class="intro">
        <h1>
          {info.title} API <span class="badge">{info.version}</span>
        </h1>
        <Text text={info.description ?? ''} />
        {Object.entries(components?.securitySchemes ?? {}).map(([name, { description }]) => (
          <Text key={name} text={description ?? ''} />
        ))}
        <dl class="facts">
          <div>
            <dt>Server</dt>
            <dd>
              <code>{root}</code>
            </dd>
          </div>
          <div>
            <dt>OpenAPI document</dt>
            <dd>
              <a href={documentUrl()}>openapi.json</a> <span class="soft">OpenAPI {document.openapi}</span>
            </dd>
          </div>
          {info.license !== undefined && (
            <div>
              <dt>Licence</dt>
              <dd>{info.license.name}</dd>
            </div>
          )}
        </dl>
      </section>
      {tags.map(({ name, description, operations }) => (
        <section key={name} class="panel flush" aria-labelledby={`all-${name}`}>
          <div class="tools">
            <h2 id={`all-${name}`}>{name}</h2>
            <p class="soft">{description}</p>
          </div>
          <ul class="operation-list">
            {operations.map(({ id, method, path, summary }) => (
              <li key={id}>
                <a href={addressOf({ view: 'operation', id })}>{id}</a>
                <span>{summary}</span>
                <span class="route">
                  <Method method={method} />
                  <Path path={path} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}
