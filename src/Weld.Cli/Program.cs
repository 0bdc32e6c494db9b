using Weld.Cli;

TextWriter output = Streams.OpenOutput();
int exitCode = LinkCommand.Run(args, ProgramName.Find(), output, Streams.OpenError);
return exitCode;
