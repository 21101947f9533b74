#!/bin/sh
# Chromium without what no test looks at: the pages that each window loads for its address bar, and a spare process for a
# page that may come. They were half of what a new window costs. Chromium heeds only the last --disable-features, and
# Playwright has one of its own: this makes one of all. HEED_CHROMIUM is the program itself.
features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess
for word do
  shift
  case $word in
    --disable-features=*) features=$features,${word#*=} ;;
    *) set -- "$@" "$word" ;;
  esac
done
exec "$HEED_CHROMIUM" "$@" "--disable-features=$features"
