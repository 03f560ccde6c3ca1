# Completion of parley's commands for bash 4.2 and later.  Printed from the program's own tables; script/pages writes it
# anew.
# shellcheck shell=bash

declare -gA _parley_options=( # of each command: the option and what it takes
    [help]='--quiet -'
    [version]='--quiet -'
    [init]='--party any
--department any
--officer any
--no-passphrase -
--title any
--listen any
--url any
--country @countries
--lang =en|=fr|=ru
--remit any
--home folder
--passphrase-file file
--quiet -'
    [department]='--title any
--remit any
--languages any
--hours any
--holiday any
--about any
--rfc2350 file
--security-txt file
--json -
--home folder
--passphrase-file file
--quiet -'
    [officer]='--department any
--roles =officer|=lead|=analyst|=auditor
--key any
--json -
--home folder
--passphrase-file file
--quiet -'
    [join]='--party any
--department any
--officer any
--lang =en|=fr|=ru
--no-passphrase -
--fingerprint any
--roles =officer|=lead|=analyst|=auditor
--node any
--root any
-o file
--json -
--home folder
--passphrase-file file
--quiet -'
    [clearance]='--number any
--roles =officer|=lead|=analyst|=auditor
--json -
--home folder
--passphrase-file file
--quiet -'
    [contacts]='--file file
--name any
--role any
--department any
--phone any
--mail any
--hours any
--languages any
--note any
--point @contacts--point
--from any
--until any
--step any
--after any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--drill -
--json -
--home folder
--passphrase-file file
--quiet -'
    [keys]='--party party
--drill -
--no-passphrase -
--root-key file
--json -
--home folder
--passphrase-file file
--quiet -'
    [invite]='--to party
--propose any
--lang =en|=fr|=ru
--successor -
--at any
--drill -
--root-key file
-o file
--home folder
--passphrase-file file
--quiet -'
    [check-in]='--answer any|=last
--random -
--every any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--drill -
--json -
--home folder
--passphrase-file file
--quiet -'
    [card]='--departments -
--on any
--own -
--rfc2350 -
--security-txt -
--department any
--drop any
--root-key file
--json -
--home folder
--passphrase-file file
--quiet -'
    [compare]='--matched -
--differ -
--by any
--how any
--json -
--home folder
--passphrase-file file
--quiet -'
    [accept]='--safety-number any
--root-key file
--home folder
--passphrase-file file
--quiet -'
    [peers]='--json -
--home folder
--passphrase-file file
--quiet -'
    [fingerprint]='--json -
--home folder
--passphrase-file file
--quiet -'
    [territory]='-o file
--name any
--date any
--basis any
--credit any
--json -
--quiet -'
    [facts]='--format @formats
--map file
--rules file
--year any
--until any
--timezone any
--event @events
--threads any
--where any
--hide any
--hide-key file
--follow -
--state file
--slack any
--once -
--window any
-o file
--evidence file
--evidence-key file
--rejects file
--memory any
--json -
--quiet -'
    [origins]='--territory file
--by =country|=as
--unit any
--rank @countries
--relays file
--cgnat file
--suppress any
--svg file
--html -
--all -
--findings file
--sheet any
--at any
--shared -
--as-of any
--send -
--compare -
--joint -
--document any
--tlp @tlp
--officer any
--json -
--home folder
--passphrase-file file
--quiet -'
    [check]='--logs file
--format @formats
--map file
--rules file
--year any
--until any
--timezone any
--event @events
--threads any
--known file
--territory file
--country @countries
--skew any
--gap any
-o file
--coverage file
--json -
--home folder
--passphrase-file file
--quiet -'
    [propose]='--about any
--acknowledge-within any
--answer-within any
--check-in-every any
--blob-bytes any
--total-bytes any
--window any
--retain any
--no-press -
--witness any
--quorum any
--until any
--statement file
--title any
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--drill -
--json -
--home folder
--passphrase-file file
--quiet -'
    [reply]='--reason @reply--reason
--offer any
--acknowledge-within any
--answer-within any
--check-in-every any
--blob-bytes any
--total-bytes any
--window any
--retain any
--no-press -
--witness any
--quorum any
--until any
--statement file
--title any
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [route]='--to party
--source any
--destination any
--object any
--event @events
--sector @sectors
--json -
--home folder
--passphrase-file file
--quiet -'
    [proposals]='--terms -
--json -
--home folder
--passphrase-file file
--quiet -'
    [inquiry]='--to department
--title any
--action @inquiry--action
--by any
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--drill -
--json -
--home folder
--passphrase-file file
--quiet -'
    [claim]='--to department
--title any
--tlp @tlp
--summary any
--summary-file file
--officer any
--lang =en|=fr|=ru
--check-only -
--draft -
--own-number any
--drill -
--format @formats
-o file
--mail-from any
--yes -
--losses file
--facts file
--evidence file
--attach file
--severity @claim--severity
--class @claim--class
--state @countries
--sector @sectors
--known file
--waive any
--json -
--home folder
--passphrase-file file
--quiet -'
    [mailed]='-o file
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [acknowledge]='--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [decline]='--reason @decline--reason
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [transfer]='--domestic -
--outside any
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [correct]='--facts file
--evidence file
--attach file
--severity @correct--severity
--class @correct--class
--state @countries
--sector @sectors
--known file
--waive any
--title any
--sheet any
--check-only -
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [answer]='--text any
--text-file file
--edit -
--logs file
--format @formats
--map file
--rules file
--year any
--until any
--timezone any
--event @events
--threads any
--yes -
--coverage file
--covers any
--known file
--waive any
--sheet any
--done @answer--done
--reason @answer--reason
--own-number any
--tlp @tlp
--officer any
--draft -
--json -
--home folder
--passphrase-file file
--quiet -'
    [ask]='--rows any
--sheet any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [disclose]='--evidence file
--ask any
--rows any
--lines any
--first any
--sheet any
--preview -
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [commit]='--sheet any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [reveal]='--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [remark]='--on any
--consent @tlp
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [link]='--third-party -
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [withdraw]='--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [close]='--reason @close--reason
--own-number any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [reopen]='--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [unreadable]='--party party
--reason any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--drill -
--json -
--home folder
--passphrase-file file
--quiet -'
    [resend]='--json -
--home folder
--passphrase-file file
--quiet -'
    [erase]='--reason any
--yes -
--theirs -
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [consult]='--time any
--zone any
--place any
--link any
--agenda any
--delegate any
--also case
--languages any
--title any
--cancel -
--ics file
--details -
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [minutes]='--text any
--held any
--sheet any
--agreed any
--disputed any
--says any
--unverifiable any
--why any
--undertaking any
--undertaking-in any
--origins any
--supersedes any
--title any
--diff -
--read -
--preview -
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [agree]='--yes -
--unchecked -
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [drafts]='--json -
--home folder
--passphrase-file file
--quiet -'
    [clear]='--officer any
--refuse any
--yes -
--hash any
--json -
--home folder
--passphrase-file file
--quiet -'
    [undertakings]='--of any
--tlp @tlp
--officer any
--lang =en|=fr|=ru
--draft -
--text-file file
--json -
--home folder
--passphrase-file file
--quiet -'
    [inbox]='--drill -
--came -
--json -
--home folder
--passphrase-file file
--quiet -'
    [outbox]='--all -
--json -
--home folder
--passphrase-file file
--quiet -'
    [calendar]='-o file
--theirs -
--details -
--yes -
--home folder
--passphrase-file file
--quiet -'
    [handover]='--since any
--json -
--home folder
--passphrase-file file
--quiet -'
    [watch]='--once -
--interval any
--hook file
--receipt-within any
--mail any
--mail-from any
--sendmail file
--json -
--home folder
--passphrase-file file
--quiet -'
    [cases]='--at any
--shared -
--as-of any
--drill -
--brief -
--first any
--find any
--json -
--home folder
--passphrase-file file
--quiet -'
    [show]='--at any
--shared -
--as-of any
--all -
--html -
--columns -
--known any
--evidence -
-o file
--json -
--home folder
--passphrase-file file
--quiet -'
    [review]='--at any
--shared -
--as-of any
--html -
--drill -
--json -
--home folder
--passphrase-file file
--quiet -'
    [sync]='--restored -
--failover -
--drill -
--json -
--home folder
--passphrase-file file
--quiet -'
    [serve]='--listen any
--desk-listen any
--metrics any
--interval any
--log =text|=json
--home folder
--passphrase-file file
--quiet -'
    [witness]='--listen any
--tls-key file
--tls-certificate file
--requests-per-minute any
--vkeys file
--no-passphrase -
--json -
--quiet -'
    [mirror]='--url any
--no-passphrase -
--origin any
--listen any
--quota-file-bytes any
--quota-bytes any
--json -
--quiet -'
    [config]='--json -
--home folder
--passphrase-file file
--quiet -'
    [taxii]='--listen any
--up-to @tlp
--to department
--tlp @tlp
--tls -
--certificate file
--key file
--every any
--add any
--remove any
--home folder
--passphrase-file file
--quiet -'
    [desk]='--listen any
--hours any
--no-browser -
--openapi -
--home folder
--passphrase-file file
--quiet -'
    [status]='--json -
--home folder
--passphrase-file file
--quiet -'
    [fsck]='--repair -
--from folder
--retain -
--dry-run -
--as-of any
--yes -
--json -
--home folder
--passphrase-file file
--quiet -'
    [dossier]='-o file
--cover file
--message any
--attach any
--fact any
--all -
--yes -
--json -
--home folder
--passphrase-file file
--quiet -'
    [verify]='--root any
--log any
--fork -
-o any
--as-of any
--html -
--all -
--json -
--quiet -'
    [statement]='--dossier file
-o file
--json -
--home folder
--passphrase-file file
--quiet -'
    [publish]='--dossier file
--json -
--home folder
--passphrase-file file
--quiet -'
    [export]='--format @export--format
--misp any
--key-file file
--ca file
-o file
--sheet any
--yes -
--losses file
--json -
--home folder
--passphrase-file file
--quiet -'
    [import]='--format @import--format
--map file
--event any
-o file
--findings file
--to department
--title any
--tlp @tlp
--key-file file
--ca file
--known file
--waive any
--losses file
--json -
--home folder
--passphrase-file file
--quiet -'
    [record]='--theirs -
--drill -
--generation any
--json -
--home folder
--passphrase-file file
--quiet -'
    [pack]='-o file
--part-size any
--whole -
--theirs -
--drill -
--generation any
--json -
--home folder
--passphrase-file file
--quiet -'
    [unpack]='--json -
--home folder
--passphrase-file file
--quiet -'
    [seal]='-r any
-R file
--passphrase-file file
-p file
--armor -
-a -
-o file
--quiet -'
    [open]='-i file
--passphrase-file file
-p file
--file-key any
-o file
--quiet -'
    [note]='--key any
--keys file
--all -
--add -
-o file
--json -
--quiet -'
)
declare -gA _parley_words=( # of each command: the orders of its words
    [help]='command'
    [department]='=list
=add any any
=set any
=rotate any'
    [officer]='=list
=add any
=remove any
=rotate any'
    [join]='=request
=admit file
=open file
=list
=drop any'
    [clearance]='=list
=add @kinds @tlp
=remove @kinds @tlp'
    [contacts]='party'
    [keys]='=list
=rotate =log|=mirror|=tls|=root
=retire =log|=mirror|=tls|=root
=replace =log|=mirror|=tls|=root
=take-out =root file'
    [check-in]='party any'
    [card]='=show party
=publish
=neutral any'
    [compare]='file|party'
    [accept]='file'
    [fingerprint]='file|party'
    [territory]='=compile file+
=show file
=lookup file any'
    [facts]='file+'
    [origins]='file|case'
    [check]='case|file'
    [propose]='department+ any'
    [reply]='case =accept|=decline|=counter any'
    [route]='file'
    [proposals]='party'
    [inquiry]='any'
    [mailed]='any =answered|=bounced|=closed any'
    [acknowledge]='case any'
    [decline]='case any'
    [transfer]='case any any'
    [correct]='case any'
    [answer]='case file'
    [ask]='case any'
    [disclose]='case any'
    [commit]='case file any'
    [reveal]='case file any'
    [remark]='case any'
    [link]='case @linkRELATION case any'
    [withdraw]='case any'
    [close]='case any'
    [reopen]='case any'
    [unreadable]='any'
    [resend]='any'
    [erase]='case|any any+'
    [consult]='case any'
    [minutes]='case any'
    [agree]='case any'
    [drafts]='=list
=show draft
=save draft folder
=renew draft
=drop draft'
    [clear]='draft'
    [undertakings]='case any =done|=accepted|=disputed any'
    [show]='case'
    [review]='party'
    [sync]='party'
    [witness]='=init folder any
=add folder any+
=drop folder any+
=list folder
=serve folder'
    [mirror]='=init folder any
=add folder any any
=list folder
=serve folder'
    [config]='=show
=check
=example'
    [dossier]='case'
    [verify]='file
any
folder folder'
    [statement]='case'
    [publish]='folder'
    [export]='case'
    [import]='file+'
    [record]='=export party folder
=import folder'
    [pack]='party'
    [unpack]='file+'
    [seal]='file'
    [open]='file'
    [note]='=keygen any
=sign file
=verify file'
)
declare -gA _parley_lists=(
    [tlp]='CLEAR GREEN AMBER AMBER+STRICT RED'
    [events]='spam harmful-speech violence infected-system c2-server malware-distribution malware-configuration scanner sniffing social-engineering ids-alert brute-force exploit privileged-account-compromise unprivileged-account-compromise application-compromise system-compromise burglary dos ddos misconfiguration sabotage outage unauthorised-information-access unauthorised-information-modification data-loss data-leak unauthorised-use-of-resources copyright masquerade phishing weak-crypto ddos-amplifier potentially-unwanted-accessible information-disclosure vulnerable-system other undetermined test'
    [formats]='sshd syslog postfix dovecot vsftpd proftpd recidive iptables asterisk bitwarden exim gitlab lighttpd monit mysqld named openwebmail roundcube squid stunnel log combined common error eve fast zeek cowrie heralding nfdump nat mapped kept csv flow jsonl'
    [kinds]='proposal inquiry claim reply acknowledge decline transfer answer ask disclose remark link correct withdraw reopen close consult minutes agree commit reveal unreadable origins contacts check-in erase'
    [countries]='AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
    [sectors]='energy transport banking financial-markets health drinking-water waste-water digital-infrastructure ict-service-management public-administration space postal waste-management chemicals food manufacturing digital-providers research'
    [contacts--point]='technical duty authority diplomatic legal'
    [reply--reason]='not-competent not-addressee no-legal-basis under-investigation insufficient duplicate too-old secrecy resources unacceptable other'
    [inquiry--action]='nothing contact-source-site contact-target-site contact-sender investigate block-host block-network block-port rate-limit-host rate-limit-network rate-limit-port redirect-traffic honeypot upgrade-software rebuild-asset harden-asset remediate-other status-triage status-new-info watch-and-report training defined-coa other'
    [claim--severity]='baseline low medium high severe emergency'
    [claim--class]='influence-campaign monitoring-of-persons critical-infrastructure'
    [mailedSTATE]='written answered bounced closed'
    [decline--reason]='not-competent not-addressee no-legal-basis under-investigation insufficient duplicate too-old secrecy resources unacceptable other'
    [correct--severity]='baseline low medium high severe emergency'
    [correct--class]='influence-campaign monitoring-of-persons critical-infrastructure'
    [answer--done]='done partly not-done'
    [answer--reason]='not-competent not-addressee no-legal-basis under-investigation insufficient duplicate too-old secrecy resources unacceptable other'
    [linkRELATION]='duplicate-of same-campaign supersedes'
    [close--reason]='settled resolved answered no-further-interest other'
    [export--format]='sheet iodef stix intelmq intelmq-csv csv xarf misp arf xarf-mail'
    [import--format]='sheet iodef stix intelmq intelmq-csv csv xarf misp arf xarf-mail'
)

# Asks parley itself, for two seconds at most, about the home that was named on the line; it is given no terminal, and so
# never asks for a passphrase: a home whose keys it can't open has nothing to offer.
_parley_ask() {
    local i home=()
    for ((i = 2; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == --home ]]; then
            home=(--home "${COMP_WORDS[i + 1]}")
            [[ ${home[1]} != = ]] || home[1]=${COMP_WORDS[i + 2]}
            home[1]=${home[1]/#\~\//$HOME/}
        fi
    done
    timeout 2 "${COMP_WORDS[0]/#\~\//$HOME/}" "$@" "${home[@]}" --json 2>/dev/null </dev/null
}
# The names of cases, parties and drafts hold nothing but these characters: what else came is not offered.
_parley_names() { # WHAT
    case $1 in
    case) _parley_ask cases --brief | grep -oE '"case":"[a-z0-9.-]+/[0-9a-f]{8}' | sed 's|.*/||' ;;
    party) _parley_ask peers | grep -oE '"party":"[a-z0-9.-]+"' | cut -d'"' -f4 | sort -u ;;
    department)
        _parley_ask peers | grep -oE '"departments":\[[a-z0-9.,"-]*\]|"party":"[a-z0-9.-]+"' | tr -d '[]"' | awk -F: '
            $1 == "departments" {count = split($2, list, ",")}
            $1 == "party" {for (i = 1; i <= count; i++) print $2 "/" list[i]}' | sort -u
        ;;
    draft) _parley_ask drafts | grep -oE '"id":"[0-9a-f]{8}' | cut -d'"' -f4 ;;
    esac
}

_parley_offer() { # those of the words that begin with what is typed
    local word
    for word in "$@"; do
        [[ $word != "$current"* ]] || COMPREPLY+=("$word")
    done
}

_parley_as() { # CHOICES: see script/completion
    local choice names
    local IFS=$' \t\n'
    for choice in ${1//|/ }; do
        # shellcheck disable=SC2086 # lists of words
        case $choice in
        =*) _parley_offer "${choice#=}" ;;
        @*) _parley_offer ${_parley_lists[${choice#@}]} ;;
        command) _parley_offer "${!_parley_options[@]}" ;;
        file)
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
            compopt -o filenames 2>/dev/null
            ;;
        folder)
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -d -- "$current")
            compopt -o filenames 2>/dev/null
            ;;
        case | party | department | draft)
            mapfile -t names < <(_parley_names "$choice")
            _parley_offer "${names[@]}"
            ;;
        esac
    done
    [[ $1 != department ]] || compopt -o nospace 2>/dev/null
}

# What may stand where the words that were typed before end, by each order of words that they fit.
_parley_place() { # COMMAND WORD…
    local order place i fits words=("${@:2}")
    while read -r -a order; do
        fits=1
        for ((i = 0; i < ${#words[@]} && i < ${#order[@]}; i++)); do
            [[ ${order[i]} != =* || "|${order[i]}|" == *"|=${words[i]}|"* ]] || fits=0
        done
        i=${#words[@]}
        if ((i >= ${#order[@]})); then
            i=$((${#order[@]} - 1))
            [[ $i -ge 0 && ${order[i]} == *+ ]] || fits=0
        fi
        if ((fits)); then
            place=${order[i]%+}
            _parley_as "$place"
        fi
    done <<<"${_parley_words[$1]-}"
}

_parley() {
    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words=()
    local option takes i
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _parley_offer "${!_parley_options[@]}"
        return
    fi
    [[ -n ${_parley_options[$command]-} ]] || return 0
    local -A values=()
    while read -r option takes; do values[$option]=$takes; done <<<"${_parley_options[$command]}"
    # `--option=value` comes as three words.
    if [[ $current == = ]]; then
        current=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [[ -n ${values[$before]-} && ${values[$before]} != - ]]; then
        _parley_as "${values[$before]}"
        return
    fi
    if [[ $current == -* ]]; then
        _parley_offer "${!values[@]}" --help
        return
    fi
    for ((i = 2; i < COMP_CWORD; i++)); do
        option=${COMP_WORDS[i]}
        if [[ $option == -* ]]; then
            [[ ${COMP_WORDS[i + 1]} != = ]] || i=$((i + 1))
            [[ ${values[$option]--} == - ]] || i=$((i + 1))
        else
            words+=("$option")
        fi
    done
    _parley_place "$command" "${words[@]}"
}

complete -F _parley parley
