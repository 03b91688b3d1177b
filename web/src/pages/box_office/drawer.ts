/** Is the cash that is taken here counted? By whatever tab or device the shift was opened or closed. */
import { effect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useLook } from '../../app/look.ts'
import { SHIFT_CHANGED, findMyShift, myShift, type Shift } from '../shifts/shift.ts'
import type { Till } from './till.ts'

/** A shift that another device closed is noticed after each sale, when one looks, and at least so often. */
const LOOK_MS = 60_000

/** Why cash of `currency` would be in no drawer's count; null where it is counted, or not known yet. */
export function uncounted(shift: Shift | null | undefined, currency: string): string | null {
  if (shift === null) return 'no shift'
  return shift && shift.currency !== currency ? `shift in ${shift.currency}` : null
}

/** Keeps `myShift` true while the box office is shown, and says so when somebody else has closed it. */
export function useDrawer(till: Till, isMine: () => boolean): void {
  useLook(() => void findMyShift(), LOOK_MS, [])
  useEffect(() => {
    const told = (event: StorageEvent) => { if (event.key === SHIFT_CHANGED) void findMyShift() }
    let before = myShift.peek()
    const stop = effect(() => {
      const now = myShift.value
      if (before && now === null && !isMine()) till.say('Your shift has been closed. Open one, so that cash is counted.')
      before = now
    })
    void findMyShift()
    addEventListener('storage', told)
    return () => {
      stop()
      removeEventListener('storage', told)
    }
  }, [till])
}
