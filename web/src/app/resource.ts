/** Something that is loaded: what there is, what went wrong, and from when it is. */
import { useSignal, type Signal } from '@preact/signals'
import { useCallback, useEffect, useRef } from 'preact/hooks'

export interface Resource<T> {
  /** The last that was loaded; stays when a later load fails. */
  data: Signal<T | undefined>
  error: Signal<unknown>
  loading: Signal<boolean>
  loadedAt: Signal<number>
  reload: () => Promise<void>
}

/** Loads when shown and whenever `deps` change; an answer that was overtaken is dropped. */
export function useResource<T>(load: (signal: AbortSignal) => Promise<T>, deps: unknown[]): Resource<T> {
  const data = useSignal<T | undefined>(undefined)
  const error = useSignal<unknown>(null)
  const loading = useSignal(true)
  const loadedAt = useSignal(0)
  const running = useRef<AbortController | null>(null)
  const latest = useRef(load)
  latest.current = load
  const reload = useCallback(async () => {
    running.current?.abort()
    const mine = new AbortController()
    running.current = mine
    loading.value = true
    try {
      const found = await latest.current(mine.signal)
      if (running.current !== mine) return
      data.value = found
      error.value = null
      loadedAt.value = Date.now()
    } catch (cause) {
      if (running.current === mine && !mine.signal.aborted) error.value = cause
    } finally {
      if (running.current === mine) loading.value = false
    }
  }, [])
  useEffect(() => {
    void reload()
    return () => running.current?.abort()
  }, deps)
  return { data, error, loading, loadedAt, reload }
}
