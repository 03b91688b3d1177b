/** When is what changed asked for again? Soon after the first change, and at most once in so long: a
 * rush that never rests asks once in a while, not for every ticket and not never. */
import { useEffect, useRef } from 'preact/hooks'

export interface Soon {
  /** Runs `run` after `ms`, unless that is to happen already. */
  ask: () => void
  stop: () => void
}

export function soon(run: () => void, ms: number): Soon {
  let timer: ReturnType<typeof setTimeout> | undefined
  return {
    ask: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        run()
      }, ms)
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

/** The same for a page, while it is shown; `run` as it was at first. */
export function useSoon(run: () => void, ms: number): () => void {
  const { current } = useRef(soon(run, ms))
  useEffect(() => current.stop, [])
  return current.ask
}
