#!/bin/sh
# A Node that claims to be an older one: runs the script that it is given with -e under a false version.
shift
exec node -e "Object.defineProperty(process, 'versions', { value: { node: '20.11.0' } });
Object.defineProperty(process, 'version', { value: 'v20.11.0' });
$1"
