import { answerApi } from '@tokenkeep/sample/server'

// The API. The browser calls it with an auth token.
export const GET = answerApi
