/** Keys with which shops and programs call the API. A key is shown once, when it is made. */
import { useSignal } from '@preact/signals'
import type { Schemas } from '@ticketd/client'
import { client, isAtMembers, wrongAt } from '../../app/api.ts'
import type { Event, Role } from '../../app/model.ts'
import { useResource } from '../../app/resource.ts'
import { toast } from '../../app/toasts.tsx'
import { Badge } from '../../parts/badge.tsx'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field, TextField } from '../../parts/field.tsx'
import { Form } from '../../parts/form.tsx'
import { HERE } from '../../parts/format.ts'
import { EmptyState, ErrorNote, Loaded, SkeletonRows } from '../../parts/states.tsx'
import { DataTable } from '../../parts/table.tsx'
import { Moment } from '../../parts/zoned.tsx'
import { EventScope } from '../staff/event_scope.tsx'
import { ROLE_WORDS, scopeWords } from '../staff/index.tsx'
import { Secret } from '../staff/secret.tsx'

type ApiKey = Schemas['ApiKey']
type ApiKeyCreated = Schemas['ApiKeyCreated']

const KEY_ROLES: Role[] = ['checkout', 'viewer', 'box_office', 'event_manager', 'admin']

const isOver = (key: ApiKey): boolean => key.expires_at !== null && Date.parse(key.expires_at) <= Date.now()

export function ApiKeysPage() {
  const keys = useResource((signal) => client.apiKeys.list({ limit: 200 }, { signal }), [])
  const events = useResource((signal) => client.events.list({ limit: 200 }, { signal }), [])
  const known = events.data.value?.data ?? []
  const making = useSignal(false)
  const made = useSignal<ApiKeyCreated | null>(null)
  const revoking = useSignal<ApiKey | null>(null)
  return (
    <>
      <header class="page-head">
        <div><h1>API keys</h1><p class="sub">For shops and programs. Give each its own, so that it can be revoked alone.</p></div>
        <Button kind="primary" icon="plus" onClick={() => { making.value = true }}>Make a key</Button>
      </header>
      <section class="card" aria-label="API keys">
        <Loaded resource={keys} skeleton={<SkeletonRows rows={5} />}>
          {({ data }) => data.length === 0
            ? <EmptyState icon="key">There are no keys yet: a shop needs one to reserve tickets.</EmptyState>
            : (
              <DataTable label="API keys" rows={data} keyOf={(key) => key.id} columns={[
                { head: 'Name', heading: true, cell: (key) => <><b>{key.name}</b><small>made <Moment at={key.created_at} zone={HERE} /></small></> },
                { head: 'May', cell: (key) => <>{ROLE_WORDS[key.role]}<small>{scopeWords(key.event_ids, known)}</small></> },
                {
                  head: 'Last used', optional: true,
                  cell: (key) => key.last_used_at ? <Moment at={key.last_used_at} zone={HERE} /> : 'never',
                },
                {
                  head: 'State', cell: (key) => key.revoked_at ? <Badge tone="warn">Revoked</Badge>
                    : isOver(key) ? <Badge tone="warn">Expired</Badge> : <Badge tone="good">Works</Badge>,
                },
                {
                  head: <span class="vh">Actions</span>, align: 'right', cell: (key) => key.revoked_at ? null : (
                    <Button size="small" aria-label={`Revoke ${key.name}`} onClick={() => { revoking.value = key }}>Revoke</Button>
                  ),
                },
              ]} />
            )}
        </Loaded>
      </section>
      {making.value && (
        <MakeDialog events={known} onClose={() => { making.value = false }} onDone={(key) => {
          making.value = false
          made.value = key
          void keys.reload()
        }} />
      )}
      {made.value && (
        <Secret title={`Key of ${made.value.name}`} label="Key" secret={made.value.key} onClose={() => { made.value = null }}>
          Copy it now: it is shown this once. Programs send it as <code>Authorization: Bearer</code>.
        </Secret>
      )}
      {revoking.value && (
        <RevokeDialog apiKey={revoking.value} onClose={() => { revoking.value = null }} onDone={() => {
          toast(`${revoking.value?.name} is revoked.`)
          revoking.value = null
          void keys.reload()
        }} />
      )}
    </>
  )
}

function MakeDialog({ events, onClose, onDone }: {
  events: readonly Event[]; onClose: () => void; onDone: (key: ApiKeyCreated) => void
}) {
  const name = useSignal('')
  const role = useSignal<Role>('checkout')
  const scope = useSignal<string[] | null>(null)
  const expires = useSignal('')
  const busy = useSignal(false)
  const error = useSignal<unknown>(null)
  const tried = useSignal(false)
  const wrong = {
    name: wrongAt(error.value, '/name') ?? (tried.value && !name.value.trim() ? 'Say who uses it.' : undefined),
    events: wrongAt(error.value, '/event_ids') ?? (tried.value && scope.value?.length === 0 ? 'Choose an event, or all of them.' : undefined),
  }
  const make = async () => {
    if (busy.value) return
    tried.value = true
    if (!name.value.trim() || scope.value?.length === 0) return
    busy.value = true
    try {
      onDone(await client.apiKeys.create({
        name: name.value.trim(), role: role.value, event_ids: scope.value,
        expires_at: expires.value ? new Date(`${expires.value}T23:59:59`).toISOString() : null,
      }))
    } catch (cause) {
      error.value = cause
    } finally {
      busy.value = false
    }
  }
  return (
    <Dialog title="Make a key" onClose={onClose} busy={busy.value}>
      <Form onSubmit={make}>
        <TextField label="Name" hint="Who uses it, such as “web shop”." required maxLength={200} value={name.value}
          error={wrong.name} onValue={(value) => { name.value = value }} />
        <Field label="Rights of" error={wrongAt(error.value, '/role')}>
          {(control) => (
            <select {...control} value={role.value} onChange={(event) => { role.value = event.currentTarget.value as Role }}>
              {KEY_ROLES.map((one) => <option key={one} value={one}>{ROLE_WORDS[one]}</option>)}
            </select>
          )}
        </Field>
        <EventScope events={events} value={scope} error={wrong.events} />
        <TextField label="Works until" note="optional" type="date" value={expires.value} error={wrongAt(error.value, '/expires_at')}
          onValue={(value) => { expires.value = value }} />
        {error.value !== null && !isAtMembers(error.value) && <ErrorNote error={error.value} />}
        <div class="row end">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={busy.value}>Make the key</Button>
        </div>
      </Form>
    </Dialog>
  )
}

function RevokeDialog({ apiKey, onClose, onDone }: { apiKey: ApiKey; onClose: () => void; onDone: () => void }) {
  const busy = useSignal(false)
  const error = useSignal<unknown>(null)
  const revoke = async () => {
    if (busy.value) return
    busy.value = true
    try {
      await client.apiKeys.revoke(apiKey.id)
      onDone()
    } catch (cause) {
      error.value = cause
    } finally {
      busy.value = false
    }
  }
  return (
    <Dialog title={`Revoke ${apiKey.name}`} onClose={onClose} busy={busy.value}>
      <p>Whoever uses this key is refused from the next request on. This cannot be undone.</p>
      {error.value !== null && <ErrorNote error={error.value} />}
      <div class="row end">
        <Button onClick={onClose}>Keep it</Button>
        <Button kind="danger" busy={busy.value} onClick={() => void revoke()}>Revoke</Button>
      </div>
    </Dialog>
  )
}
