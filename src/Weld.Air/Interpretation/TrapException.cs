namespace Weld.Air.Interpretation;

/// <summary>Carries a trap from the depth of an instruction to the loop that runs them. Nobody else sees it.</summary>
/// <remarks>An exception, because a trap ends everything that is under way, and testing for it after each step of a computation
/// would hide what the steps are.</remarks>
internal sealed class TrapException(TrapReason reason, string message) : Exception(message)
{
    public TrapReason Reason => reason;

    public static TrapException Illegal(string message) => new(TrapReason.Illegal, message);
}
