return Weld.Cli.LinkCommand.Run(args);
