"""The canary test on the operator's own machine: what should be gone is looked for (R50)."""
