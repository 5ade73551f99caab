const formatCount = (count: number): string => new Intl.NumberFormat('en').format(count)

export const sessionManagement = {
  title: 'Session management',
  description: (app: string) => `How long people stay signed in to ${app}, and what ends a session.`,
  refresh: {
    label: 'Keep people signed in',
    description:
      'On: a refresh token renews the short-lived auth token until a timeout below is reached. Off: people sign in again when the token expires.',
  },
  presets: {
    title: 'Presets',
    description: 'A preset fills in the timeouts. It takes effect when you save.',
  },
  timeouts: { title: 'Timeouts' },
  fields: {
    session_timeout_length: {
      label: 'Auth token lifetime',
      hint: 'How long an API accepts a token without asking the server. With a shorter lifetime, a revocation reaches every API sooner. From 5 seconds to 10 minutes, or to 24 hours if refresh tokens are off.',
    },
    refresh_inactivity_lifetime: {
      label: 'Inactivity timeout',
      hint: 'How long a person can be away before the session ends. Each refresh restarts this time. At most 400 days.',
    },
    refresh_absolute_lifetime: {
      label: 'Absolute timeout',
      hint: 'Each session ends this long after the sign-in, even if it is active. At most 400 days.',
    },
    refresh_enabled: { label: 'Refresh tokens' },
  },
  faults: {
    number: 'Enter a number.',
    wholeSeconds: 'Enter a whole number of seconds.',
    atLeast: (duration: string) => `Enter at least ${duration}.`,
    atMost: (duration: string) => `Enter at most ${duration}.`,
    atMostWithRefresh: (duration: string) => `Enter at most ${duration}, or turn refresh tokens off.`,
    oneLimit: 'Set a limit here or at the other timeout. A session needs one of them.',
    preview: 'The marked fields are not in this example: it uses their saved values.',
  },
  unit: (field: string) => `Unit of ${field.toLowerCase()}`,
  noLimit: 'No limit',
  noLimitOf: (field: string) => `No ${field.toLowerCase()}`,
  defaultIs: (duration: string) => `Default: ${duration}`,
  on: 'On',
  off: 'Off',

  summary: {
    title: 'What this means for people',
    fridayStays: 'A person who closes the laptop on Friday evening is still signed in on Monday morning.',
    fridayEnds: 'A person who closes the laptop on Friday evening must sign in again on Monday morning.',
    count: (times: number) =>
      times === 1
        ? 'A person who works Monday to Friday signs in once in four weeks.'
        : times < 100
          ? `A person who works Monday to Friday signs in ${times} times in four weeks.`
          : `A person who works Monday to Friday signs in about ${Math.round(times / 20)} times a day.`,
    revoked: (duration: string) =>
      `After you end a session, APIs that follow the revocation feed refuse its token within one second. APIs that only check signatures refuse it after ${duration} at the latest.`,
  },
  warnings: {
    'inactivity-never':
      'The inactivity timeout has no effect: the absolute timeout ends every session first.',
    'active-signed-out':
      'People are signed out while they work: only a refresh counts as activity, and the inactivity timeout ends before the auth token needs a refresh.',
    'inactivity-tight':
      'Some people are signed out after less than half of the inactivity timeout: it counts from the last refresh, which can be one auth token lifetime before the last click.',
    'absolute-before-refresh':
      'The absolute timeout ends every session before its first refresh: the refresh tokens are never used.',
    'no-absolute': 'There is no absolute timeout: a session that is used often enough never ends by itself.',
    'no-inactivity':
      'There is no inactivity timeout: a lost or shared device stays signed in until the absolute timeout.',
  },

  timeline: {
    title: 'Example: one session with these settings',
    description: 'A person signs in on a Monday at 9:00 and works Monday to Friday.',
    use: 'At work',
    session: 'Signed in',
    idle: 'Away, still signed in',
    ends: {
      absolute: (when: string) => `Absolute timeout · ${when}`,
      inactivity: (when: string) => `Inactivity timeout · ${when}`,
      token: (when: string) => `Auth token expires · ${when}`,
    },
    endless: 'Continues as long as it is used',
    absoluteLater: (duration: string) => `Would end after ${duration} at the latest`,
    closeUp: (duration: string) => `Close-up: the first ${duration}`,
    token: 'Auth token',
    renewed: 'renewed by the first call after it expires',
    call: 'A call to your API',
    day: (n: number) => `Day ${n}`,
    after: (duration: string) => `after ${duration}`,
    summary: (start: string, end: string, reason: string) =>
      `The session starts ${start} and ends ${end}: ${reason}.`,
    summaryEndless: (start: string) => `The session starts ${start} and continues as long as it is used.`,
    reasons: {
      absolute: 'the absolute timeout',
      inactivity: 'the inactivity timeout',
      token: 'the auth token expires and there is no refresh token',
    },
  },

  effects: {
    title: 'How saving affects people who are signed in',
    live: (count: string) => `Live sessions now: ${count}.`,
    'refresh-on':
      'New sign-ins get a refresh token. Current sessions still end when their auth token expires.',
    'refresh-off':
      'New sign-ins get no refresh token. Current sessions end at their next refresh. Those people must sign in again.',
    'lifetime-lower': 'Each session gets the shorter auth token lifetime at its next refresh.',
    'lifetime-higher': 'Each session gets the longer auth token lifetime at its next refresh.',
    'absolute-lower':
      'Sessions older than the new absolute timeout end at their next refresh. Those people must sign in again.',
    'absolute-higher':
      'Current sessions keep the absolute timeout they started with. New sign-ins get the longer one.',
    'inactivity-lower':
      'People who have been away longer than the new inactivity timeout must sign in again.',
    'inactivity-higher':
      'Current sessions keep the inactivity timeout they started with. New sign-ins get the longer one.',
  },
  unsaved: 'Unsaved changes',
  saved: 'Saved. All servers apply the change within one second.',
  fix: 'Correct the marked fields, then save.',
  confirmEnd: {
    title: 'This signs people out',
    action: 'Save and sign people out',
  },
  everyone: {
    title: 'Sign everyone out',
    description:
      'Ends all sessions of this app at once, on every device. People can sign in again with their passkey.',
    action: 'Sign everyone out',
    confirmTitle: (app: string) => `Sign everyone out of ${app}?`,
    confirmText: 'All sessions end now. You cannot undo this.',
    live: (count: number) =>
      count === 1
        ? 'One session was live in the last count.'
        : `${formatCount(count)} sessions were live in the last count.`,
    done: 'Everyone is signed out',
  },
}
