// For the tests: `act` moved in 18.3.
import * as React from 'react'

type Act = typeof React.act

export const act: Act =
  'act' in React ? React.act : ((await import('react-dom/test-utils')) as unknown as { act: Act }).act
