# Types a line and a tab into a zsh of its own and prints what then stands on its screen: complete.zsh FOLDER LINE
zmodload zsh/zpty
export PS1='> ' TERM=dumb
zpty shell zsh -f -i
zpty -w shell "unsetopt beep; fpath=($1 \$fpath); autoload -U compinit; compinit -u -D; zstyle ':completion:*' list-colors ''"
zpty -w shell "setopt no_always_last_prompt; LISTMAX=0; stty cols 200; bindkey '^I' complete-word"
# What is typed is worked off in order: once this shows the line, all that the tab does is done.
zpty -w shell "show() { print -r -- \"<\$BUFFER\"'>' }; zle -N show; bindkey '^Xs' show; print rea''dy"
until zpty -r shell line '*ready*'; do :; done
zpty -w -n shell "$2"$'\t\C-xs'
zpty -r -m shell seen '*<parley*>*'
print -r -- "$seen"
zpty -d shell
