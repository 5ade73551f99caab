// `act` moved from `react-dom/test-utils` to `react` in 18.3. These tests run on both.
import * as React from 'react'

type Act = typeof React.act

export const act: Act =
  'act' in React ? React.act : ((await import('react-dom/test-utils')) as unknown as { act: Act }).act
