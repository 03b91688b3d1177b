/** What no stream tells of is looked at: every so often, and when one comes back to the page. */
import { useEffect } from 'preact/hooks'

export function useLook(look: () => void, ms: number, deps: unknown[]): void {
  useEffect(() => {
    const whenSeen = () => { if (document.visibilityState === 'visible') look() }
    const timer = setInterval(whenSeen, ms)
    document.addEventListener('visibilitychange', whenSeen)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', whenSeen)
    }
  }, deps)
}
