import assert from 'node:assert/strict'
import { test } from 'node:test'
import { soon } from '../src/app/soon.ts'

test('changes without a rest are answered all the same, once in a while', ({ mock }) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  let times = 0
  const { ask, stop } = soon(() => { times++ }, 1000)
  for (let ms = 0; ms < 5000; ms += 200) {
    ask()
    mock.timers.tick(200)
  }
  assert.equal(times, 5)
  mock.timers.tick(5000)
  assert.equal(times, 5)
  ask()
  stop()
  mock.timers.tick(5000)
  assert.equal(times, 5)
})
