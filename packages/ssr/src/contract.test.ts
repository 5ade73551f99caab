import { sessionContract } from '../test/contract/contract.ts'
import { makePlainApp } from '../test/plain-app.ts'

sessionContract('an app without a framework', makePlainApp)
