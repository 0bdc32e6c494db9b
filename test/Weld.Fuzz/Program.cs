using Weld.Fuzz.Inputs;
using Weld.Fuzz.Running;

if (FuzzOptions.Parse(args) is not FuzzOptions options)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return Worker.SetupExitCode;
}
try
{
    if (options.ReplayDirectory is not null)
        return Worker.Replay(options.ReplayDirectory);
    if (options.WorkerRange is not null)
    {
        string[] range = options.WorkerRange.Split("..");
        return Worker.Run(options, int.Parse(range[0], System.Globalization.CultureInfo.InvariantCulture), int.Parse(range[1], System.Globalization.CultureInfo.InvariantCulture));
    }
    return Supervisor.Run(options);
}
catch (FuzzSetupException e)
{
    Console.Error.WriteLine("fuzz: " + e.Message);
    return Worker.SetupExitCode;
}
