/** What is this server set to, and by what? Read-only: settings are made where the server is started. */
import { client } from '../../app/api.ts'
import { useResource } from '../../app/resource.ts'
import { Badge } from '../../parts/badge.tsx'
import { Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'

const SOURCES = { default: 'default', environment: 'environment', command_line: 'command line' } as const

export function SettingsPage() {
  const settings = useResource((signal) => client.server.settings({ signal }), [])
  return (
    <>
      <header class="page-head">
        <div>
          <h1>Settings</h1>
          <p class="sub">As the server was started; change them there, with an option or in its environment.</p>
        </div>
      </header>
      <section class="card" aria-label="Settings">
        <Loaded resource={settings} skeleton={<SkeletonRows rows={12} />}>
          {({ version, settings: rows }) => (
            <>
              <p class="sub card-note">ticketd {version}</p>
              <DataTable label="Settings" rows={rows} keyOf={(one) => one.name} columns={[
                { head: 'Setting', heading: true, cell: (one) => <><code>--{one.name}</code><small>{one.description}</small></>, class: 'wrap' },
                { head: 'Value', cell: (one) => <code>{one.value ?? '–'}</code>, class: 'wrap' },
                { head: 'From', cell: (one) => <Badge tone={one.source === 'default' ? 'plain' : 'info'}>{SOURCES[one.source]}</Badge> },
              ]} />
            </>
          )}
        </Loaded>
      </section>
    </>
  )
}
