-- lua5.4 tests/run.lua, from the app's folder.

package.path = "./?.lua;" .. package.path

local harness = require("tests.harness")
for _, suite in ipairs(require("tests.suites")) do
  require("tests." .. suite)
end
os.exit(harness.report())
