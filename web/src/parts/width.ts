/** How wide may a picture be? As its box is, so that its words stay as large as those around it. */
import { useSignal } from '@preact/signals'
import { useCallback, useRef } from 'preact/hooks'

const WIDTH_MIN = 240

/** `box` is the ref of what the picture stands in. */
export function useWidth(): { box: (element: HTMLElement | null) => void; width: number } {
  const width = useSignal(WIDTH_MIN)
  const observer = useRef<ResizeObserver | null>(null)
  const box = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect()
    if (!element) return
    const measure = () => {
      const { paddingLeft, paddingRight } = getComputedStyle(element)
      width.value = Math.max(WIDTH_MIN, element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight))
    }
    measure()
    observer.current = new ResizeObserver(measure)
    observer.current.observe(element)
  }, [])
  return { box, width: width.value }
}
