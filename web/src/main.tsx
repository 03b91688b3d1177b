// Styles first: base.css says in which order the layers stand, and pages bring styles of their own.
import './style/base.css'
import './style/parts.css'
import './style/shell.css'
import './style/pages.css'
import { render, type ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { KeyboardHelp, listenForKeys } from './app/keys.tsx'
import { interceptLinks, match, navigate, path } from './app/router.tsx'
import { routes } from './app/routes.tsx'
import { can, findSession, isMine, lapsed, me, unreachable } from './app/session.ts'
import { ROLES, Shell, atEvent } from './app/shell.tsx'
import { Toasts } from './app/toasts.tsx'
import { SignInAgain, SignInPage } from './pages/sign_in.tsx'
import { EmptyState, ErrorNote } from './parts/states.tsx'
import './style/back_office.css'

const NotHere = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <Shell>
    <h1>{title}</h1>
    <EmptyState icon="search" action={<a class="btn primary" href="/admin/">Go to your events</a>}>{children}</EmptyState>
  </Shell>
)

function CurrentPage() {
  const here = path.value
  for (const route of routes) {
    const found = match(route.at, here)
    if (!found) continue
    document.title = `${route.title} · ticketd`
    if (route.right && !can(route.right)) {
      return <NotHere title={route.title}>Your role is {ROLES[me.value!.role]}, and this page is not part of it.
        An administrator can change that.</NotHere>
    }
    if (found.event && !isMine(found.event)) {
      return <NotHere title={route.title}>This event is not among yours. An administrator can add it.</NotHere>
    }
    const page = route.page(found)
    if (found.event) atEvent(found.event)
    return route.bare ? <>{page}</> : <Shell>{page}</Shell>
  }
  document.title = 'Not found · ticketd'
  return <NotHere title="Not found">There is nothing at this address.</NotHere>
}

function App() {
  const signedIn = me.value, here = path.value
  useEffect(() => {
    if (signedIn && here === '/admin/sign-in') navigate('/admin/', { replace: true })
  }, [signedIn, here])
  if (unreachable.value) {
    return <main class="alone"><h1>ticketd</h1><ErrorNote error={unreachable.value} retry={() => void findSession()} /></main>
  }
  if (signedIn === undefined) return null
  if (signedIn === null) return <SignInPage />
  return <>{here !== '/admin/sign-in' && <CurrentPage />}{lapsed.value && <SignInAgain />}</>
}

interceptLinks()
listenForKeys()
void findSession()
render(<><App /><KeyboardHelp /><Toasts /></>, document.getElementById('app')!)
