using Weld.Cli;

return Subcommands.Run(args, new CommandShell(ProgramName.Find(), Streams.OpenOutput(), Streams.OpenError));
